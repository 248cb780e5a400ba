// Loads the OpenTelemetry SDK and opens the way of log records to their queue.
import type { OtlpLogs, OtlpLogsOptions } from './otlp-logs.ts';

/** Called only where logs have a destination: the SDK costs memory. */
export async function openOtlpLogs(options: OtlpLogsOptions): Promise<OtlpLogs> {
  const { OtlpLogs } = await import('./otlp-logs.ts');
  return new OtlpLogs(options);
}
