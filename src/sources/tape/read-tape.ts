// Opens a tape and gives its header and observations, checked; the primitive below replay, tests and tools.
import { open } from 'node:fs/promises';
import { AgentError, reasonOf } from '../../base/errors.ts';
import type { HostHeader, Observation } from '../host.ts';
import type { TapeEnd } from './format.ts';
import { type TapeOptions, TapeReader } from './tape-reader.ts';

const READ_BYTES = 65_536;

/** An open tape. */
export interface Tape extends AsyncDisposable {
  /** Brought up to the newest schema. */
  readonly header: HostHeader;
  /**
   * The observations in order, once. Throws after the last good one: TAPE_CORRUPT, TAPE_TRUNCATED (also for a tape whose end line
   * is missing), TAPE_UNREADABLE. Line and byte, of the unpacked text, are where a bad line begins, or where the data ends too early.
   */
  readonly observations: AsyncGenerator<Observation, void>;
  /** Observations left out because this agent does not know their kind, by kind. */
  readonly skipped: Readonly<Record<string, number>>;
  /** The end line, once it was read. */
  readonly end: TapeEnd | undefined;
}

/** Opens a tape file. Throws TAPE_UNREADABLE, TAPE_FOREIGN, TAPE_SCHEMA, TAPE_CORRUPT, TAPE_TRUNCATED for its header. */
export function openTape(file: string, options: TapeOptions = {}): Promise<Tape> {
  return decodeTape(fileBytes(file), file, options);
}

/** The header alone; throws as openTape. */
export async function readHeader(file: string, options: TapeOptions = {}): Promise<HostHeader> {
  await using tape = await openTape(file, options);
  return tape.header;
}

/** A tape from bytes, plain or gzip; `file` is its name in errors. */
export async function decodeTape(bytes: AsyncIterable<Buffer>, file: string, options: TapeOptions = {}): Promise<Tape> {
  const reader = new TapeReader(bytes, file, options);
  try {
    const header = await reader.readHeader();
    return {
      header,
      observations: reader.readObservations(),
      get skipped() {
        return Object.fromEntries(reader.skipped);
      },
      get end() {
        return reader.end;
      },
      [Symbol.asyncDispose]: () => reader.close(),
    };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

async function* fileBytes(file: string): AsyncGenerator<Buffer> {
  const unreadable = (error: unknown): never => {
    throw new AgentError('TAPE_UNREADABLE', { file, reason: reasonOf(error) }, { cause: error });
  };
  await using handle = await open(file, 'r').catch(unreadable);
  for (;;) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(READ_BYTES)).catch(unreadable);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}
