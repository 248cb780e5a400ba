// Unpacks gzip so that what stands before a damage comes out, which the stream of node:zlib alone does not promise.
import { createGunzip } from 'node:zlib';

/** Compressed bytes given to zlib at once: what it made of such a piece is lost when the piece is damaged, so it is small. */
const PIECE_BYTES = 256;

/** The compressed stream is cut off or damaged. */
export class BrokenGzip extends Error {
  /** True when it only ends too early. */
  readonly truncated: boolean;

  constructor(reason: string, truncated: boolean) {
    super(`the compressed data is broken: ${reason}`);
    this.name = 'BrokenGzip';
    this.truncated = truncated;
  }
}

/** True for the first bytes of a gzip file. */
function isGzip(start: Uint8Array): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

/** The plain bytes; throws BrokenGzip after the last good ones. */
async function* inflate(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  let output: Buffer[] = [];
  let failure: NodeJS.ErrnoException | undefined;
  let ended = false;
  let wake = (): void => {};
  gunzip.on('data', (bytes: Buffer) => output.push(bytes));
  gunzip.on('error', (error) => {
    failure = error;
    wake();
  });
  gunzip.on('end', () => {
    ended = true;
    wake();
  });
  // A write after the end of the compressed data is never called back, so the events count as well.
  const settled = (act: (done: () => void) => void): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
      act(resolve);
    });
  const take = (): Buffer[] => {
    const taken = output;
    output = [];
    return taken;
  };
  try {
    for await (const bytes of source) {
      for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
        await settled((done) => gunzip.write(bytes.subarray(from, from + PIECE_BYTES), () => done()));
        yield* take();
        if (failure) throw new BrokenGzip(failure.message, false);
        if (ended) throw new BrokenGzip('something follows its end', false);
      }
    }
    await settled(() => gunzip.end());
    yield* take();
    if (failure) throw new BrokenGzip(failure.message, failure.code === 'Z_BUF_ERROR');
  } finally {
    gunzip.destroy();
  }
}

/** The bytes themselves, or what is inside when they begin as gzip. Throws BrokenGzip. */
export async function* unpack(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const chunks = source[Symbol.asyncIterator]();
  try {
    let start: Buffer = Buffer.alloc(0);
    while (start.length < 2) {
      const next = await chunks.next();
      if (next.done) break;
      start = Buffer.concat([start, next.value]);
    }
    const all = startingWith(start, chunks);
    yield* isGzip(start) ? inflate(all) : all;
  } finally {
    await chunks.return?.();
  }
}

async function* startingWith(start: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield start;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}
