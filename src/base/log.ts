// The agent's log: pino, written for a person in the foreground and as JSON lines otherwise.
import pino, { type Logger } from 'pino';
import { printable } from './printable.ts';

export type { Logger };

export interface LogOptions {
  readonly level: string;
  /** For a person at a console: one readable line a message instead of JSON. */
  readonly console: boolean;
  readonly colour: boolean;
}

/** Writes to standard error, at once: the last lines before a death matter most. */
export async function createLogger(options: LogOptions): Promise<Logger> {
  const { level } = options;
  if (!options.console) return pino({ level, base: null }, pino.destination({ dest: 2, sync: true }));
  // Only a foreground run pays for the formatter.
  const { default: pretty } = await import('pino-pretty');
  return pino(
    { level, base: null },
    pretty({ destination: 2, sync: true, colorize: options.colour, translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname', messageFormat }),
  );
}

/** What a tape or a host says goes into messages, and a person's terminal must not obey it. */
function messageFormat(log: Record<string, unknown>, key: string): string {
  return printable(String(log[key] ?? ''));
}
