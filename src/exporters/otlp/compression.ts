// Compresses and decompresses bodies in the thread pool of Node, with a bound on what a body may become.
import { promisify } from 'node:util';
import { constants, gunzip, gzip, type ZstdDecompress, zstdCompress, zstdDecompress } from 'node:zlib';
import type { Payload, PayloadEncoding } from '../payload.ts';
import { zstdContentSize } from './zstd-frame.ts';

/** Values of the setting `otlp-compression`. */
export type OtlpCompression = 'gzip' | 'none' | 'zstd';

/** Encodings that a payload of logs may have. */
export type OtlpEncoding = Extract<PayloadEncoding, 'identity' | 'gzip' | 'zstd'>;

/** A larger body is malformed: a payload of logs has at most 2 MB, and a request a few payloads. */
export const MAX_PLAIN_BYTES = 64 * 1024 * 1024;

/** Higher levels take several times as long for a few percent. */
const GZIP_LEVEL = 1;
/** As small as level 3 for payloads of thousands of records, in three quarters of its time (docs/performance.md). */
const ZSTD_LEVEL = 1;

const run = {
  gzip: promisify(gzip),
  gunzip: promisify(gunzip),
  zstdCompress: promisify(zstdCompress),
};

export const ENCODINGS: Readonly<Record<OtlpCompression, OtlpEncoding>> = {
  gzip: 'gzip',
  none: 'identity',
  zstd: 'zstd',
};

/** The header of a zstd frame states the size of the content. */
export async function compress(plain: Uint8Array, encoding: OtlpEncoding): Promise<Uint8Array> {
  switch (encoding) {
    case 'identity':
      return plain;
    case 'gzip':
      return withoutSlack(await run.gzip(plain, { level: GZIP_LEVEL }));
    case 'zstd':
      return withoutSlack(
        await run.zstdCompress(plain, {
          pledgedSrcSize: plain.length,
          params: {
            [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL,
            [constants.ZSTD_c_contentSizeFlag]: 1,
            [constants.ZSTD_c_checksumFlag]: 1,
          },
        }),
      );
  }
}

/** A result is part of a buffer of 64 kB, which a small payload in memory must not keep. */
function withoutSlack(body: Buffer): Uint8Array {
  return body.buffer.byteLength > 2 * body.length ? new Uint8Array(body) : body;
}

/** The plain body of a payload. Rejects if the body is broken, or larger than it states or than is allowed. */
export async function decompress({ body, encoding }: Payload): Promise<Uint8Array> {
  switch (encoding) {
    case 'identity':
      return body;
    case 'gzip':
      return run.gunzip(body, { maxOutputLength: MAX_PLAIN_BYTES });
    case 'zstd': {
      const size = zstdContentSize(body);
      if (size === undefined || size > MAX_PLAIN_BYTES) throw new RangeError('the zstd frame states no usable size');
      const plain = await unzstd(body, size);
      if (plain.length !== size) throw new RangeError(`the zstd frame has ${plain.length} bytes and states ${size}`);
      return plain;
    }
    default:
      throw new RangeError(`a payload of logs cannot have the encoding ${encoding}`);
  }
}

/** Node stops after the first frame and ignores the rest, which must be nothing. */
function unzstd(body: Uint8Array, size: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // A limit of 0 is not allowed.
    zstdDecompress(body, { info: true, maxOutputLength: Math.max(size, 1) }, (error, result) => {
      const { buffer, engine } = (result ?? {}) as unknown as { buffer: Buffer; engine: ZstdDecompress };
      if (error) reject(error);
      else if (engine.bytesWritten === body.length) resolve(buffer);
      else reject(new RangeError(`the zstd frame ends ${body.length - engine.bytesWritten} bytes before the body`));
    });
  });
}

/** Bytes of the plain body without decompressing it; those of the body if it is broken. */
export function plainSize({ body, encoding }: Payload): number {
  if (encoding === 'zstd') return zstdContentSize(body) ?? body.length;
  // A gzip member ends with its size: https://www.rfc-editor.org/rfc/rfc1952#page-6
  if (encoding === 'gzip' && body.length >= 18)
    return new DataView(body.buffer, body.byteOffset, body.length).getUint32(body.length - 4, true);
  return body.length;
}
