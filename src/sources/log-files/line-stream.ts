// The stream of messages that the lines of a followed file become.
import { LogStream } from '../../logs/log-stream.ts';
import type { ParserSettings } from '../../logs/parser-settings.ts';
import type { FileLogMessage, LineOrigin } from './line-format.ts';

/** Lines are grouped, and have no level of their own. */
export function createLineStream(
  { rules, json }: ParserSettings,
  createdMonoMs: number,
  onMessage: (message: FileLogMessage) => void,
): LogStream<LineOrigin> {
  return new LogStream({
    rules,
    json,
    jsonLines: true,
    entryLevelFirst: false,
    wholeEntries: false,
    createdMonoMs,
    onMessage,
  });
}
