// Runs the agent as a service: checks the preconditions, loads the engine, and stops when the SCM requests it.
import { setTimeout as delay } from 'node:timers/promises';
import { prepareCrashReports } from './base/crash-report.ts';
import { AgentError, reasonOf } from './base/errors.ts';
import type { Logger } from './base/log.ts';
import { keepHeapSmall } from './base/memory.ts';
import { RecentMessages } from './base/recent-messages.ts';
import { terminateOnUncaught } from './base/terminate.ts';
import { AGENT_VERSION } from './base/version.ts';
import { startWatchdog } from './base/watchdog.ts';
import { crashSiteFor } from './crash-site.ts';
import { exitProcess } from './exit.ts';
import { terminateIfHanging } from './exit-after-stop.ts';
import { createDataFolder } from './service/data-folder.ts';
import type { ServiceProcess } from './service/dispatcher.ts';
import { EVENT, type EventLog, openEventLog } from './service/event-log.ts';
import { limitThisProcess } from './service/job-limits.ts';
import { SERVICE_NAME } from './service/names.ts';
import { refuseBesideOther } from './service/other-agent.ts';
import { unreportedCrashes } from './service/reported-crashes.ts';
import { checkSettingsPlaces } from './service/settings-faults.ts';
import { ownSid } from './service/token.ts';
import { type Config, dataFolder, resolveConfig, settingsFileSetting } from './settings/index.ts';
import { hangText, lateText, type PendingCall, pendingCall } from './sources/pending-call.ts';

/** Time for a graceful stop; above LATE_STOP_TIMEOUT_MS, below the wait hints and the preshutdown timeout. */
const STOP_LIMIT_MS = 8000;
/** Time that the SCM has to release a stopped service. */
const RELEASE_LIMIT_MS = 1000;

/** Never resolves: the process exits in here. */
export async function runService(service: ServiceProcess): Promise<void> {
  terminateOnUncaught();
  keepHeapSmall();
  const events = openEventLog(SERVICE_NAME);
  try {
    const config = checkStart();
    service.states.running();
    await collect(service, events, config);
  } catch (error) {
    await refuse(service, events, error);
  }
}

/** Checks everything that can forbid a start, before the service reports that it runs. Throws AgentError. */
function checkStart(): Config {
  const folder = dataFolder(process.env);
  createDataFolder(folder);
  const namedFile = process.env[settingsFileSetting.variable];
  checkSettingsPlaces({ dataFolder: folder, namedFile, self: ownSid(), elevated: true });
  refuseBesideOther();
  return resolveConfig({ flags: {}, env: process.env });
}

async function collect(service: ServiceProcess, events: EventLog, config: Config): Promise<void> {
  const logger = await prepare(events, config);
  const { createAgent } = await import('./agent.ts');
  const { loadDelivery } = await import('./load-delivery.ts');
  const agent = createAgent(config, logger, { mode: 'service', delivery: await loadDelivery(config, logger) });
  const failed = agent.start().then(
    (): Promise<never> => {
      events.write(
        EVENT.started,
        `CorootAgent ${AGENT_VERSION} collects, process ${process.pid}, Node ${process.version}.`,
      );
      return new Promise(() => {});
    },
    (error: unknown) => ({ error }),
  );
  const cause = await Promise.race([service.stopWanted, failed]);
  const stopRequested = typeof cause === 'string';
  if (stopRequested) logger.info(cause === 'stop' ? 'asked to stop' : 'Windows shuts down, stopping');
  const pending = await Promise.race([agent.stop(), delay(STOP_LIMIT_MS, [pendingCall('', 'the stop of the agent')])]);
  if (!stopRequested) return refuse(service, events, cause.error, pending);
  events.write(EVENT.stopped, `CorootAgent ${AGENT_VERSION} stopped${pendingText(pending)}.`);
  // Reported before the exit: a service that exits while it is stopping counts as crashed, and the SCM restarts it.
  service.states.stopped(0);
  terminateIfHanging(pending, 'a worker did not end in time', () => {});
  await leave(service, 0);
}

/** For the Event Log, which must have the text before the state is reported. */
function pendingText(pending: readonly PendingCall[]): string {
  const hang = hangText(pending);
  const text = hang === undefined ? lateText(pending) : `${hang}; the process is terminated`;
  return text === undefined ? '' : `, but ${text}`;
}

/** Prepares crash reports, log, watchdog and limits of this run. */
async function prepare(events: EventLog, config: Config): Promise<Logger> {
  const messages = new RecentMessages();
  const site = crashSiteFor(config, 'service', messages, process.env);
  prepareCrashReports(site);
  for (const text of site ? unreportedCrashes(site.folder) : []) events.write(EVENT.crashed, text);
  startWatchdog();
  const { createSilentLogger } = await import('./base/log.ts');
  const logger = createSilentLogger(config.logLevel, ({ level, text }) => {
    messages.note(`${new Date().toISOString()} ${text}`);
    events.writeMessage(level, text);
  });
  const limits = { cpuPercent: config.cpuLimitPercent, memoryBytes: config.memoryLimitBytes };
  for (const problem of limitThisProcess(limits)) logger.warn(problem);
  return logger;
}

/** Exits with the reason in the Event Log, and with the exit code of the error as service-specific exit code. */
async function refuse(
  service: ServiceProcess,
  events: EventLog,
  error: unknown,
  pending: readonly PendingCall[] = [],
): Promise<void> {
  const [text, code] =
    error instanceof AgentError
      ? [`${error.message}\n${error.hint}`, error.exitCode]
      : [error instanceof Error ? (error.stack ?? error.message) : reasonOf(error), 1];
  events.write(EVENT.refused, `CorootAgent ${AGENT_VERSION} cannot run (service-specific exit code ${code}): ${text}`);
  service.states.stopped(code);
  terminateIfHanging(pending, 'the start failed and a worker did not end in time', () => {});
  await leave(service, code);
}

async function leave(service: ServiceProcess, code: number): Promise<void> {
  await Promise.race([service.released, delay(RELEASE_LIMIT_MS)]);
  exitProcess(code);
}
