// Unpacks gzip up to the first damaged byte, which the stream of node:zlib alone does not guarantee.
import { createGunzip } from 'node:zlib';

/** Compressed bytes written to zlib at once. The output of a damaged piece is lost, so pieces are small. */
const PIECE_BYTES = 256;

/** The compressed stream is truncated or damaged. */
export class BrokenGzip extends Error {
  /** True when the stream is only incomplete. */
  readonly truncated: boolean;

  constructor(reason: string, truncated: boolean) {
    super(`the compressed data is broken: ${reason}`);
    this.name = 'BrokenGzip';
    this.truncated = truncated;
  }
}

function isGzip(start: Uint8Array): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

/** The unpacked bytes. Throws BrokenGzip after the last valid ones. */
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
  // The callback of a write after the end of the compressed data never runs, so `error` and `end` settle it as well.
  const settled = (act: (done: () => void) => void): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
      act(resolve);
    });
  const drainOutput = (): Buffer[] => {
    const drained = output;
    output = [];
    return drained;
  };
  try {
    for await (const bytes of source) {
      for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
        await settled((done) => gunzip.write(bytes.subarray(from, from + PIECE_BYTES), () => done()));
        yield* drainOutput();
        if (failure) throw new BrokenGzip(failure.message, false);
        if (ended) throw new BrokenGzip('something follows its end', false);
      }
    }
    await settled(() => gunzip.end());
    yield* drainOutput();
    if (failure) throw new BrokenGzip(failure.message, failure.code === 'Z_BUF_ERROR');
  } finally {
    gunzip.destroy();
  }
}

/** Unpacks bytes that start like gzip, and passes others through. Throws BrokenGzip. */
export async function* unpack(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const chunks = source[Symbol.asyncIterator]();
  try {
    let start: Buffer = Buffer.alloc(0);
    while (start.length < 2) {
      const next = await chunks.next();
      if (next.done) break;
      start = Buffer.concat([start, next.value]);
    }
    const all = prepend(start, chunks);
    yield* isGzip(start) ? inflate(all) : all;
  } finally {
    await chunks.return?.();
  }
}

async function* prepend(start: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield start;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
}
