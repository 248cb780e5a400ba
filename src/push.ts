// Sends one pass to the endpoints of the settings, without the spool, and reports what each of them answered.
import { createAgent } from './agent.ts';
import { AgentError } from './base/errors.ts';
import type { Logger } from './base/log.ts';
import type { Snapshot } from './collectors/samples.ts';
import type { DestinationName } from './exporters/delivery/delivery-status.ts';
import { OtlpLogsFormat } from './exporters/otlp/logs-format.ts';
import type { Output } from './exporters/output.ts';
import type { RequestBody } from './exporters/payload.ts';
import { remoteWriteFormat } from './exporters/remote-write/format.ts';
import { encodePass } from './exporters/remote-write/write-request.ts';
import { shownUrl } from './exporters/transport/secrets.ts';
import type { Outcome, Transport } from './exporters/transport/transport.ts';
import type { Config } from './settings/index.ts';
import type { PendingCall } from './sources/pending-call.ts';
import { createTransports } from './transports.ts';

/** What was sent to one endpoint. */
export interface PushResult {
  readonly destination: DestinationName;
  /** Without password, and without the values of its query. */
  readonly endpoint: string;
  /** Samples; 0 for logs, whose request has no record. */
  readonly items: number;
  /** Bytes of the body. */
  readonly bytes: number;
  /** Undefined in a dry run. */
  readonly outcome: Outcome | undefined;
}

export interface PushOptions {
  /** Collects and encodes, but sends nothing. */
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}

interface Request {
  readonly destination: DestinationName;
  readonly url: URL;
  readonly items: number;
  readonly request: RequestBody;
  readonly transport: Transport;
}

/** A live host has its first pass within seconds. */
const PASS_TIMEOUT_MS = 60_000;

/** Throws AgentError when no endpoint is set, when the host cannot be read, or when stopped before the first pass. */
export async function pushOnce(
  config: Config,
  logger: Logger,
  options: PushOptions,
): Promise<{ readonly results: readonly PushResult[]; readonly pending: readonly PendingCall[] }> {
  const { metricsEndpoint, logsEndpoint, otlpCompression } = config;
  if (!metricsEndpoint && !logsEndpoint)
    throw new AgentError('USAGE', {
      reason: 'no endpoint is set: name one with --collector-endpoint, --metrics-endpoint or --logs-endpoint',
    });
  const transports = createTransports(config);
  const requests: Request[] = [];
  let pending: readonly PendingCall[] = [];
  if (metricsEndpoint) {
    const pass = await collectPass(config, logger, options.signal);
    pending = pass.pending;
    const { payload } = pass;
    const request = await remoteWriteFormat.encodeRequest([payload]);
    const transport = transports.metrics;
    requests.push({ destination: 'metrics', url: metricsEndpoint, items: payload.count, request, transport });
  }
  if (logsEndpoint) {
    // A request without records is valid: https://opentelemetry.io/docs/specs/otlp/#otlphttp-request
    const none = {
      kind: 'logs',
      encoding: 'identity',
      count: 0,
      oldestMs: 0,
      newestMs: 0,
      body: new Uint8Array(),
    } as const;
    const request = await new OtlpLogsFormat(otlpCompression).encodeRequest([none]);
    requests.push({ destination: 'logs', url: logsEndpoint, items: 0, request, transport: transports.logs });
  }
  const results = await Promise.all(requests.map((each) => send(each, options)));
  for (const { transport } of requests) transport.close();
  return { results, pending };
}

async function send(each: Request, { dryRun, signal }: PushOptions): Promise<PushResult> {
  const { destination, url, items, request, transport } = each;
  const outcome = dryRun ? undefined : await transport.post(url, request, signal);
  return { destination, endpoint: shownUrl(url), items, bytes: request.body.byteLength, outcome };
}

/** Runs an agent without delivery and events until a pass has the machine id. */
async function collectPass(config: Config, logger: Logger, signal: AbortSignal) {
  const first = Promise.withResolvers<Snapshot>();
  const capture: Output = {
    name: 'push',
    start: () => {},
    afterPass: (snapshot) => snapshot.nodeLabels.machine_id !== '' && first.resolve(snapshot),
    stop: async () => true,
    status: () => ({ detail: {}, problem: '' }),
  };
  // Another address, no event session and no positions of logs: an agent may be running.
  const alone = { ...config, listen: { host: '127.0.0.1', port: 0 }, disableEtw: true, disableLogParsing: true };
  const agent = createAgent(alone, logger, { outputs: [capture] });
  const fail = (error: AgentError): void => first.reject(error);
  // It may be rejected while the agent still starts.
  first.promise.catch(() => {});
  const noPass = new AgentError('HOST_FAILED', { reason: 'no pass with a machine id was finished in 60 s' });
  const late = setTimeout(() => fail(noPass), PASS_TIMEOUT_MS);
  const stop = (): void => fail(stopped(config));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await agent.start();
    const payload = await encodePass(await first.promise, await agent.selfMetrics.families());
    return { payload: payload!, pending: await agent.stop() };
  } catch (error) {
    await agent.stop();
    throw error;
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', stop);
  }
}

function stopped({ metricsEndpoint, logsEndpoint }: Config): AgentError {
  const names = [metricsEndpoint && 'metrics', logsEndpoint && 'logs'].filter(Boolean).join(', ');
  return new AgentError('DELIVERY_FAILED', {
    destinations: `${names} (stopped before the first pass: nothing was sent)`,
  });
}
