// One line of a log file that Docker's json-file driver wrote.

import { lowerCase } from './json-message.ts';
import { parseJson } from './json-value.ts';

export interface DockerLine {
  /** What the container wrote, with its line feed unless Docker split a longer line; empty if the line has no text. */
  readonly text: string;
  /** `stdout` or `stderr`; undefined if it is absent or no text. */
  readonly stream: string | undefined;
  /** When the container wrote it, in RFC 3339 with nanoseconds; undefined if it is absent or no text. */
  readonly time: string | undefined;
}

const EMPTY: DockerLine = { text: '', stream: undefined, time: undefined };

/**
 * Undefined for a line that is not a JSON object, or with a `log` that is not a text. As in Coroot, field names have
 * any letter case, the last of several wins, and an object without `log`, as well as `null`, is an empty line.
 * The driver: https://docs.docker.com/engine/logging/drivers/json-file/
 */
export function parseDockerLine(line: string): DockerLine | undefined {
  const value = parseJson(line);
  if (value === null) return EMPTY;
  if (!(value instanceof Map)) return undefined;
  const fields = { log: '', stream: undefined as string | undefined, time: undefined as string | undefined };
  for (const [key, member] of value) {
    const name = lowerCase(key);
    if (name === 'log') {
      if (typeof member === 'string') fields.log = member;
      else if (member !== null) return undefined;
    } else if ((name === 'stream' || name === 'time') && typeof member === 'string') fields[name] = member;
  }
  return { text: fields.log, stream: fields.stream, time: fields.time };
}
