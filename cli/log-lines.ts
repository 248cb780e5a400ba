// Prints log messages: one line with time, level and container, and the further lines of the message below it.
import type { LogMessageView } from '../src/api/resources/logs.ts';
import { formatTime } from './format.ts';
import { type Out, printSpans, type Style } from './output.ts';

const LEVEL_STYLES: Readonly<Record<LogMessageView['level'], Style>> = {
  critical: 'alarm',
  error: 'bad',
  warning: 'attention',
  info: 'plain',
  debug: 'faint',
  unknown: 'faint',
};
const LEVEL_WIDTH = 8;
const INDENT = '    ';

/** `wide` adds where the message comes from. */
export function printMessage(out: Out, message: LogMessageView, wide: boolean): void {
  const { atMs, level, containerName, body } = message;
  // A tab is harmless, and common in stack traces.
  const [first = '', ...further] = body
    .trimEnd()
    .replaceAll('\t', INDENT)
    .split(/\r\n|\n/);
  printSpans(out, [
    { text: `${timeText(atMs)} ` },
    { text: level.toUpperCase().padEnd(LEVEL_WIDTH), style: LEVEL_STYLES[level] },
    { text: ` ${containerName || '(node)'} `, style: 'strong' },
    ...(wide ? [{ text: `[${originText(message)}] `, style: 'faint' as const }] : []),
    { text: first },
  ]);
  for (const line of further) printSpans(out, [{ text: INDENT + line }]);
}

function originText({ source, channel, provider, eventId, patternHash }: LogMessageView): string {
  const event = channel === '' ? source : `${channel} ${provider} ${eventId}`;
  return patternHash === '' ? event : `${event} ${patternHash}`;
}

/** Local time to the millisecond. */
function timeText(atMs: number): string {
  return `${formatTime(atMs)}.${String(Math.floor(atMs) % 1000).padStart(3, '0')}`;
}
