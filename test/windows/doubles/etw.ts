// Scripts for the double of event tracing, and what it wrote about the calls that it got.
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Wine } from '../../../scripts/lib/wine.ts';
import type { BuiltEvent } from '../../helpers/etw-builder.ts';
import { type DoubleName, type DoubleStart, useDoubles } from './doubles.ts';

/** The 32 digits of a GUID as it lies in memory. */
export function guidInMemory(guid: string): string {
  const [a = '', b = '', c = '', d = '', e = ''] = guid.split('-');
  const turned = (part: string) => part.match(/../g)!.toReversed().join('');
  return turned(a) + turned(b) + turned(c) + d + e;
}

/** A line for an event; `opcode` is what classic events are told apart by. */
export function eventLine(
  { provider, id, version, pid, payload, containerId, narrow }: BuiltEvent,
  opcode = 0,
): string {
  return `event ${guidInMemory(provider)} ${id} ${version} ${pid} ${opcode} ${payload.toString('hex') || '-'} ${containerId ?? '-'}${narrow ? ' narrow' : ''}`;
}

export interface EtwDouble extends DoubleStart {
  /** Another script, for the next session. */
  write(lines: readonly string[]): void;
  /** Names of the sessions that there are; they outlive the processes that started them. */
  sessions(): string[];
  /** More lines for the session that runs, where its script has `follow`. */
  append(lines: readonly string[]): void;
  /** Every call so far, one a line. */
  calls(): string[];
  remove(): void;
}

export interface EtwDoubleOptions {
  /** Sessions that an earlier run left. */
  readonly left?: readonly string[];
  /** Other doubles beside it. */
  readonly others?: readonly DoubleName[];
}

/** Sets the double up with a script for the first session. */
export async function useEtwDouble(
  wine: Wine,
  lines: readonly string[],
  options: EtwDoubleOptions = {},
): Promise<EtwDouble> {
  const { left = [], others = [] } = options;
  const folder = mkdtempSync('/tmp/coroot-agent-etw-');
  const [script, log] = [join(folder, 'script.txt'), join(folder, 'calls.txt')];
  const write = (text: readonly string[]): void => writeFileSync(script, `${text.join('\n')}\n`);
  write(lines);
  for (const name of left) writeFileSync(`${script}.${name}`, '');
  const { nodeArgs, env } = await useDoubles(wine, ['etw', ...others]);
  return {
    nodeArgs,
    env: { ...env, COROOT_TEST_ETW: wine.toWindowsPath(script), COROOT_TEST_ETW_LOG: wine.toWindowsPath(log) },
    write,
    sessions: () =>
      readdirSync(folder)
        .filter((file) => file.startsWith('script.txt.'))
        .map((file) => file.slice('script.txt.'.length)),
    append: (more) => appendFileSync(script, more.map((line) => `${line}\n`).join('')),
    calls: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
