// The Aspire dashboard as a receiver of OTLP over HTTP, which gives logs back as JSON.
// https://aspire.dev/dashboard/configuration/
import { join } from 'node:path';
import { installAspire } from '../../../scripts/lib/aspire.ts';
import { freePort } from '../ports.ts';
import { answers, PeerProcess } from './peer-process.ts';

/** A record in OTLP's JSON. */
export interface AspireRecord {
  readonly timeUnixNano: string;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: { readonly stringValue: string };
  readonly attributes: readonly AspireAttribute[];
  readonly traceId?: string;
  readonly spanId?: string;
}

export interface AspireAttribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}

/** Logs of one resource. */
export interface AspireLogs {
  readonly resource: { readonly attributes: readonly AspireAttribute[] };
  readonly scopeLogs: readonly {
    readonly scope: { readonly name: string; readonly version: string };
    /** Newest first. */
    readonly logRecords: readonly AspireRecord[];
  }[];
}

export interface Aspire extends AsyncDisposable {
  readonly process: PeerProcess;
  /** Where it takes logs. */
  readonly logsUrl: URL;
  /** All logs that it has, by resource. */
  logs(): Promise<readonly AspireLogs[]>;
}

/** Starts the dashboard without authentication on free ports of loopback. */
export async function openAspire(): Promise<Aspire> {
  const installed = await installAspire();
  const otlpPort = await freePort();
  const process = await PeerProcess.open({
    name: 'aspire',
    program: 'env',
    args: (port, folder) => [
      `--chdir=${installed}`,
      // It needs the cultures of ICU, and stores a key in the home folder.
      '--unset=DOTNET_SYSTEM_GLOBALIZATION_INVARIANT',
      `HOME=${folder}`,
      `ASPNETCORE_URLS=http://127.0.0.1:${port}`,
      `ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL=http://127.0.0.1:${otlpPort}`,
      'ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS=true',
      'ASPIRE_DASHBOARD_API_ENABLED=true',
      join(installed, 'Aspire.Dashboard'),
    ],
    isReady: (port) => answers(`http://127.0.0.1:${port}/api/telemetry/resources`),
  });
  const api = `http://127.0.0.1:${process.port}/api/telemetry/logs?limit=10000`;
  return {
    process,
    logsUrl: new URL(`http://127.0.0.1:${otlpPort}/v1/logs`),
    logs: async () => {
      const answer = (await (await fetch(api)).json()) as { readonly data: { resourceLogs?: readonly AspireLogs[] } };
      return answer.data.resourceLogs ?? [];
    },
    [Symbol.asyncDispose]: () => process[Symbol.asyncDispose](),
  };
}
