// The file in which positions of log streams survive a restart.
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { reasonOf } from '../../base/errors.ts';
import { syncFolder } from '../../base/sync-folder.ts';
import type { LogPositions } from './contracts.ts';

/** First line, before the checksum of the rest. */
const TITLE = 'coroot-agent log positions 1';
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_STREAMS = 20_000;
const MAX_KEY_LENGTH = 4096;
const MAX_POSITION_LENGTH = 8192;

export interface StoredPositions {
  readonly positions: LogPositions;
  /** Why the positions of the last run could not be used: collection begins as at the first start. */
  readonly problem: string | undefined;
}

/** Positions of the last run; none at the first start and after damage. */
export async function readPositions(path: string): Promise<StoredPositions> {
  try {
    return { positions: parsePositions(await readBounded(path)), problem: undefined };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { positions: {}, problem: undefined };
    const problem =
      `the positions of logs in ${path} cannot be used: ${reasonOf(error)}; ` +
      'logs are read from their ends, as at the first start';
    return { positions: {}, problem };
  }
}

/** Throws an Error with the reason if the content is not what `writePositions` wrote. */
function parsePositions(content: string): LogPositions {
  const [title = '', text = ''] = content.split('\n', 2);
  if (!title.startsWith(`${TITLE} `)) throw new Error('it has another format');
  if (title !== titleOf(text)) throw new Error('its checksum is wrong');
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('it has no positions');
  const positions: Record<string, string> = Object.create(null);
  const entries = Object.entries(value);
  if (entries.length > MAX_STREAMS) throw new Error(`it has more than ${MAX_STREAMS} streams`);
  for (const [key, position] of entries) {
    if (!isStorable(key, position)) throw new Error('a position is no text, or too long');
    positions[key] = position;
  }
  return positions;
}

/** Replaces the file. Resolves when the content is on disk. Rejects with the error of the file system. */
export async function writePositions(path: string, positions: LogPositions): Promise<void> {
  const kept = Object.entries(positions).filter(([key, position]) => isStorable(key, position));
  const text = JSON.stringify(Object.fromEntries(kept.slice(-MAX_STREAMS)));
  const temporary = `${path}.new`;
  {
    await using file = await open(temporary, 'w', 0o600);
    await file.writeFile(`${titleOf(text)}\n${text}`);
    await file.sync();
  }
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

function isStorable(key: string, position: unknown): position is string {
  return key.length <= MAX_KEY_LENGTH && typeof position === 'string' && position.length <= MAX_POSITION_LENGTH;
}

function titleOf(text: string): string {
  return `${TITLE} ${crc32(text).toString(16).padStart(8, '0')}`;
}

async function readBounded(path: string): Promise<string> {
  await using file = await open(path, 'r');
  const stats = await file.stat();
  if (!stats.isFile()) throw new Error('it is not a regular file');
  if (stats.size > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes`);
  return file.readFile('utf8');
}
