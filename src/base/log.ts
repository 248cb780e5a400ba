// The agent's log: pino, written for a person in the foreground and as JSON lines otherwise.
import pino, { type Logger, type LoggerOptions } from 'pino';
import { printable } from './printable.ts';

export type { Logger };

export interface LogOptions {
  readonly level: string;
  /** For a person at a console: one readable line a message instead of JSON. */
  readonly console: boolean;
  readonly colour: boolean;
  /** Told of each message that is written. */
  readonly onMessage?: (message: LogMessage) => void;
}

export interface LogMessage {
  /** pino's: 30 info, 40 warning, 50 error. */
  readonly level: number;
  /** With the stack of an error, if there is one. */
  readonly text: string;
}

/** Writes to standard error, at once: the last lines before a death matter most. */
export async function createLogger(options: LogOptions): Promise<Logger> {
  const { level, onMessage } = options;
  const settings = { level, base: null, ...(onMessage ? hookFor(onMessage) : {}) };
  if (!options.console) return pino(settings, pino.destination({ dest: 2, sync: true }));
  // Only a foreground run pays for the formatter.
  const { default: pretty } = await import('pino-pretty');
  return pino(
    settings,
    pretty({
      destination: 2,
      sync: true,
      colorize: options.colour,
      translateTime: 'SYS:HH:MM:ss',
      ignore: 'pid,hostname',
      messageFormat,
    }),
  );
}

interface PinoLine {
  level: number;
  time: number;
  msg?: string;
  err?: { stack?: string };
}

/** A log that is written by `onMessage` alone, for a process without a standard error. */
export function createSilentLogger(level: string, onMessage: (message: LogMessage) => void): Logger {
  return pino({ level, base: null, ...hookFor(onMessage) }, { write: () => {} });
}

function hookFor(onMessage: (message: LogMessage) => void): Pick<LoggerOptions, 'hooks'> {
  return {
    hooks: {
      streamWrite(line) {
        const { level, time, msg, err, ...fields } = JSON.parse(line) as PinoLine;
        const details = Object.entries(fields).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
        const head = [msg ?? '', ...(details.length === 0 ? [] : [`(${details.join(', ')})`])].join(' ');
        onMessage({ level, text: err?.stack ? `${head}: ${err.stack}` : head });
        return line;
      },
    },
  };
}

/** What a tape or a host says goes into messages, and a person's terminal must not obey it. */
function messageFormat(log: Record<string, unknown>, key: string): string {
  return printable(String(log[key] ?? ''));
}
