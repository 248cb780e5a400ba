// Reads times of a tape before its replay.
import { stat } from 'node:fs/promises';
import { AgentError } from '../../base/errors.ts';
import type { Observation } from '../host.ts';
import { openTape, type Tape } from './read-tape.ts';

/**
 * The latest wall time in a tape, up to its end or to where it cannot be read; undefined if there is none. The clock of
 * the host may have been set back, so that the latest time is not that of the last observation. Reads the tape once
 * more, so it must be a file.
 */
export async function latestWallMs(file: string, signal: AbortSignal): Promise<number | undefined> {
  if ((await stat(file).catch(() => undefined))?.isFIFO())
    throw new AgentError('TAPE_UNREADABLE', {
      file,
      reason: 'a pipe cannot be read twice, which speed max needs; set tape-time to recorded or speed to 1',
    });
  await using tape = await openTape(file);
  let latestMs: number | undefined;
  try {
    for await (const { tWall } of tape.observations) {
      if (signal.aborted) break;
      latestMs = Math.max(latestMs ?? 0, tWall);
    }
  } catch {
    // The replay reports where the tape is damaged.
  }
  return latestMs;
}

/** Reads the first observation of a tape, which the returned tape still has; undefined if it cannot be read. */
export async function peekTape(tape: Tape): Promise<{ tape: Tape; first: Observation | undefined }> {
  const reading = tape.observations.next();
  const first = await reading.then(
    ({ value }) => value ?? undefined,
    () => undefined,
  );
  async function* observations(): AsyncGenerator<Observation, void> {
    try {
      const { value } = await reading;
      if (value) yield value;
      yield* tape.observations;
    } finally {
      await tape.observations.return();
    }
  }
  const peeked: Tape = {
    header: tape.header,
    observations: observations(),
    get skipped() {
      return tape.skipped;
    },
    get end() {
      return tape.end;
    },
    [Symbol.asyncDispose]: () => tape[Symbol.asyncDispose](),
  };
  return { tape: peeked, first };
}
