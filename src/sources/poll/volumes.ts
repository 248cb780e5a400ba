// Names of volumes, with their drive letters and mount folders.
import { Handle } from '../../native/handle.ts';
import {
  FindFirstVolumeW,
  FindNextVolumeW,
  FindVolumeClose,
  GetLastError,
  GetVolumePathNamesForVolumeNameW,
  INVALID_HANDLE_VALUE,
} from '../../native/kernel32.ts';
import { ERROR_MORE_DATA, ERROR_NO_MORE_FILES, Win32Error } from '../../native/win32-error.ts';
import { GrowingBuffer } from './growing-buffer.ts';

const MAX_VOLUMES = 1000;
const MAX_VOLUME_NAME = 64;

/** Parses a list of NUL-terminated strings that ends with an empty one. */
export function parseTextList(bytes: Buffer): string[] {
  const texts = bytes.toString('utf16le').split('\0');
  const end = texts.indexOf('');
  return end < 0 ? texts : texts.slice(0, end);
}

/** The mount point that names a volume: its letter if it has one, otherwise its first mount folder. */
export function mainMountPoint(mountPoints: readonly string[]): string | undefined {
  return mountPoints.find((path) => /^[A-Za-z]:\\$/.test(path)) ?? mountPoints[0];
}

/** `C:` for `C:\`, `D:\Mount\Data` for `D:\Mount\Data\`. */
export function deviceName(mountPoint: string): string {
  const name = mountPoint.replace(/\\$/, '');
  return /^[a-z]:$/.test(name) ? name.toUpperCase() : name;
}

/** Reads the mount points of volumes into a buffer that it keeps. */
export class MountPointReader {
  readonly #paths = new GrowingBuffer(1024);

  /**
   * Letters and folders, each with a backslash at its end; empty for a volume without a mount point. Throws Win32Error.
   */
  read(volume: string): string[] {
    const length = new Uint32Array(1);
    const bytes = this.#paths.fill('GetVolumePathNamesForVolumeNameW', (buffer) => {
      if (GetVolumePathNamesForVolumeNameW(volume, buffer, buffer.length / 2, length) !== 0) return { done: true };
      const code = GetLastError();
      if (code !== ERROR_MORE_DATA) throw new Win32Error('GetVolumePathNamesForVolumeNameW', code);
      return { done: false, needed: length[0]! * 2, code };
    });
    return parseTextList(bytes.subarray(0, length[0]! * 2));
  }
}

/** Names of all volumes, up to MAX_VOLUMES. Throws Win32Error. */
export function readVolumes(): string[] {
  const name = Buffer.alloc(MAX_VOLUME_NAME * 2);
  const first = FindFirstVolumeW(name, MAX_VOLUME_NAME);
  if (first === null || first === INVALID_HANDLE_VALUE) throw new Win32Error('FindFirstVolumeW', GetLastError());
  using search = new Handle(first, FindVolumeClose);
  const names: string[] = [];
  while (names.length < MAX_VOLUMES) {
    names.push(parseTextList(name)[0] ?? '');
    if (FindNextVolumeW(search.value, name, MAX_VOLUME_NAME) !== 0) continue;
    const code = GetLastError();
    if (code === ERROR_NO_MORE_FILES) break;
    throw new Win32Error('FindNextVolumeW', code);
  }
  return names;
}
