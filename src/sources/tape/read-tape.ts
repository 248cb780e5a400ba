// Opens a tape and returns its checked header and observations.
import { open } from 'node:fs/promises';
import { AgentError, reasonOf } from '../../base/errors.ts';
import type { HostHeader, Observation } from '../host.ts';
import type { TapeEnd } from './format.ts';
import { type TapeOptions, TapeReader } from './tape-reader.ts';

const READ_BYTES = 65_536;

/** An open tape. */
export interface Tape extends AsyncDisposable {
  /** Upgraded to the newest schema. */
  readonly header: HostHeader;
  /**
   * The observations in order, once. Throws after the last valid one: TAPE_CORRUPT, TAPE_TRUNCATED (also without an end
   * line), TAPE_UNREADABLE. Line and byte in the unpacked text are the start of an invalid line, or the end of the
   * data.
   */
  readonly observations: AsyncGenerator<Observation, void>;
  /** Observations that were skipped because this agent does not know their kind, by kind. */
  readonly skipped: Readonly<Record<string, number>>;
  /** The end line, after it was read. */
  readonly end: TapeEnd | undefined;
}

/** Opens a tape and reads its header. Throws TAPE_UNREADABLE, _FOREIGN, _SCHEMA, _CORRUPT or _TRUNCATED. */
export function openTape(file: string, options: TapeOptions = {}): Promise<Tape> {
  return decodeTape(fileBytes(file), file, options);
}

/** The header alone. Throws like openTape. */
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
