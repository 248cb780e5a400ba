// The agent's log: pino, as readable lines in the foreground and as JSON lines otherwise.
import pino, { type Logger, type LoggerOptions } from 'pino';
import { printable, printableLines } from './printable.ts';

export type { Logger };

export interface LogOptions {
  readonly level: string;
  /** One readable line per message instead of JSON, for a console. */
  readonly console: boolean;
  readonly colour: boolean;
  /** Called for each message that is written. */
  readonly onMessage?: (message: LogMessage) => void;
}

export interface LogMessage {
  /** pino's: 30 info, 40 warning, 50 error. */
  readonly level: number;
  /** With the stack of an error, if there is one. */
  readonly text: string;
}

/** Writes to standard error synchronously: the last lines before a crash matter most. */
export async function createLogger(options: LogOptions): Promise<Logger> {
  const { level, onMessage } = options;
  if (!options.console)
    return pino({ level, base: null, ...hookFor(onMessage) }, pino.destination({ dest: 2, sync: true }));
  // The formatter is loaded only in the foreground.
  const { default: pretty } = await import('pino-pretty');
  return pino(
    { level, base: null, ...hookFor(onMessage, printableLine) },
    pretty({
      destination: 2,
      sync: true,
      colorize: options.colour,
      translateTime: 'SYS:HH:MM:ss',
      ignore: 'pid,hostname',
    }),
  );
}

interface PinoLine {
  level: number;
  time: number;
  msg?: string;
  err?: { stack?: string };
}

/** A log that passes messages only to `onMessage`, for a process without standard error. */
export function createSilentLogger(level: string, onMessage: (message: LogMessage) => void): Logger {
  return pino({ level, base: null, ...hookFor(onMessage) }, { write: () => {} });
}

function hookFor(onMessage: LogOptions['onMessage'], written = (line: string) => line): Pick<LoggerOptions, 'hooks'> {
  return {
    hooks: {
      streamWrite(line) {
        if (!onMessage) return written(line);
        const { level, time, msg, err, ...fields } = JSON.parse(line) as PinoLine;
        const details = Object.entries(fields).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
        const head = [msg ?? '', ...(details.length === 0 ? [] : [`(${details.join(', ')})`])].join(' ');
        onMessage({ level, text: err?.stack ? `${head}: ${err.stack}` : head });
        return written(line);
      },
    },
  };
}

/** A line of pino's JSON with every text safe for a terminal: messages and fields hold text from tapes and hosts. */
function printableLine(line: string): string {
  const safe = JSON.parse(line, (key, value: unknown) =>
    typeof value === 'string' ? (key === 'stack' ? printableLines(value) : printable(value)) : value,
  );
  return `${JSON.stringify(safe)}\n`;
}
