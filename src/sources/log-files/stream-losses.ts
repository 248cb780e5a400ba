// What the log parser did not keep of the lines of a stream, by the reasons of log files.
import type { LogStream } from '../../logs/log-stream.ts';

export function streamLosses(stream: Pick<LogStream<object>, 'losses'>): {
  cut_line: number;
  ignored_line: number;
  attribute: number;
  cut_attribute: number;
} {
  const { cutLines, ignoredLines, droppedAttributes, cutValues } = stream.losses;
  return { cut_line: cutLines, ignored_line: ignoredLines, attribute: droppedAttributes, cut_attribute: cutValues };
}
