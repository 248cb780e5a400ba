// Writes scripts for the double of event tracing and reads its log of calls.
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Wine } from '../../../scripts/lib/wine.ts';
import type { BuiltEvent } from '../../helpers/etw-builder.ts';
import { type DoubleName, type DoubleStart, useDoubles } from './doubles.ts';

/** The 32 hexadecimal digits of a GUID in memory order. */
export function guidInMemory(guid: string): string {
  const [a = '', b = '', c = '', d = '', e = ''] = guid.split('-');
  const reversed = (part: string) => part.match(/../g)!.toReversed().join('');
  return reversed(a) + reversed(b) + reversed(c) + d + e;
}

/** The script line of an event; `opcode` distinguishes classic events. */
export function eventLine(
  { provider, id, version, pid, payload, containerId, narrow }: BuiltEvent,
  opcode = 0,
): string {
  const fields = [guidInMemory(provider), id, version, pid, opcode, payload.toString('hex') || '-', containerId ?? '-'];
  return ['event', ...fields, ...(narrow ? ['narrow'] : [])].join(' ');
}

export interface EtwDouble extends DoubleStart {
  /** Replaces the script; the next session reads it. */
  write(lines: readonly string[]): void;
  /** Names of the sessions that exist; a session outlives the process that started it. */
  sessions(): string[];
  /** Appends lines for the running session; its script must contain `follow`. */
  append(lines: readonly string[]): void;
  /** All calls so far. */
  calls(): string[];
  remove(): void;
}

export interface EtwDoubleOptions {
  /** Sessions that exist at the start, as after a killed agent. */
  readonly leftover?: readonly string[];
  /** Other doubles to load as well. */
  readonly others?: readonly DoubleName[];
}

/** Prepares the double with a script for the first session. */
export async function useEtwDouble(
  wine: Wine,
  lines: readonly string[],
  options: EtwDoubleOptions = {},
): Promise<EtwDouble> {
  const { leftover = [], others = [] } = options;
  const folder = mkdtempSync('/tmp/coroot-agent-etw-');
  const [script, log] = [join(folder, 'script.txt'), join(folder, 'calls.txt')];
  const write = (text: readonly string[]): void => writeFileSync(script, `${text.join('\n')}\n`);
  write(lines);
  for (const name of leftover) writeFileSync(`${script}.${name}`, '');
  const { nodeArgs, env } = await useDoubles(wine, ['etw', ...others]);
  return {
    nodeArgs,
    env: { ...env, COROOT_TEST_ETW: wine.toWindowsPath(script), COROOT_TEST_ETW_LOG: wine.toWindowsPath(log) },
    write,
    sessions: () =>
      readdirSync(folder)
        .filter((file) => file.startsWith('script.txt.'))
        .map((file) => file.slice('script.txt.'.length)),
    append: (added) => appendFileSync(script, added.map((line) => `${line}\n`).join('')),
    calls: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
