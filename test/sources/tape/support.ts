// Helpers of the tape tests: byte streams, seeded numbers, and reading a tape with its error.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentError } from '../../../src/base/errors.ts';
import type { HostHeader, Observation } from '../../../src/sources/host.ts';
import { decodeTape, type Tape } from '../../../src/sources/tape/read-tape.ts';
import type { TapeOptions } from '../../../src/sources/tape/tape-reader.ts';

/** Hand-written lines, independent of the encoder. */
export const HEADER_LINE =
  '{"tape":"coroot-agent","schema":1,"agentVersion":"0.1.0","startedAtMs":1767225600000,' +
  '"os":{"platform":"windows","version":"10.0.20348"},"processors":{"logical":4,"groups":[4]},"bootTimeMs":1767222000000,' +
  '"qpcFrequency":10000000,"rights":{"elevated":true,"privileges":["SeDebugPrivilege"]},"settings":{},"standIns":[],"dropped":{}}';
export const SYSTEM_LINE =
  '{"seq":1,"tMono":0,"tWall":1767225600000,"source":"test","kind":"system","seconds":0.001,"data":{"uptimeMs":3600000}}';
export const TCP_LINE =
  '{"seq":2,"tMono":0,"tWall":1767225600000,"source":"test","kind":"tcp","seconds":0.001,"data":[{"compartmentId":1,"family":4,"count":2,' +
  '"state":[2,5],"pid":[700,700],"localPort":[80,80],"remotePort":[0,50000],"localAddress":"AAAAAAoAAAU=","remoteAddress":"AAAAAAECAwQ="}]}';
export const TICK_LINE =
  '{"seq":3,"tMono":0,"tWall":1767225600000,"source":"test","kind":"tick","seconds":0.001,"data":{"intervalMs":15000}}';
export const endLine = (observations: number): string => `{"end":{"observations":${observations},"dropped":{}}}`;

/** The text of a tape: each line with its line feed. */
export function tapeText(...lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

export async function* streamOf(bytes: Uint8Array | string, chunkBytes = 65_536): AsyncGenerator<Buffer> {
  const all = Buffer.from(bytes as string);
  for (let from = 0; from < all.length; from += chunkBytes) yield all.subarray(from, from + chunkBytes);
}

/** Contents of a tape up to its end or its error. */
export interface Reading {
  readonly header?: HostHeader;
  readonly observations: readonly Observation[];
  readonly tape?: Tape;
  /** Other errors than AgentError are thrown. */
  readonly error?: AgentError;
}

export async function readAll(
  bytes: Uint8Array | string,
  options: TapeOptions & { chunkBytes?: number } = {},
): Promise<Reading> {
  const observations: Observation[] = [];
  let tape: Tape | undefined;
  try {
    tape = await decodeTape(streamOf(bytes, options.chunkBytes), 'x.tape', options);
    for await (const observation of tape.observations) observations.push(observation);
    return { header: tape.header, observations, tape };
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    return { ...(tape && { header: tape.header, tape }), observations, error };
  }
}

/** Seeded random integers from 0 below `limit` (mulberry32). */
export function seeded(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

/** A temporary folder for the files of a test. */
export class TestFolder implements AsyncDisposable {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<TestFolder> {
    return new TestFolder(await mkdtemp(join(tmpdir(), 'coroot-tape-')));
  }

  /** Writes a file and returns its path. */
  async file(name: string, content: Uint8Array | string): Promise<string> {
    const path = join(this.path, name);
    await writeFile(path, content);
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
