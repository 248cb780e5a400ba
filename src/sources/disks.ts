// Volumes of fixed disks, with letters and mounted in folders, and what the disk driver counts of each.
import { ForeignBuffer } from '../native/buffer.ts';
import { checkBool } from '../native/check.ts';
import { Handle } from '../native/handle.ts';
import {
  CloseHandle,
  CreateFileW,
  DeviceIoControl,
  DISK_PERFORMANCE,
  DRIVE_FIXED,
  FILE_SHARE_READ,
  FILE_SHARE_WRITE,
  FindFirstVolumeW,
  FindNextVolumeW,
  FindVolumeClose,
  GetDiskFreeSpaceExW,
  GetDriveTypeW,
  GetLastError,
  GetVolumePathNamesForVolumeNameW,
  INVALID_HANDLE_VALUE,
  IOCTL_DISK_PERFORMANCE,
  OPEN_EXISTING,
} from '../native/kernel32.ts';
import { ERROR_MORE_DATA, ERROR_NO_MORE_FILES, Win32Error } from '../native/win32-error.ts';
import { TICKS_PER_MS } from './file-time.ts';
import { type Grant, PART_GRANTS } from './grants.ts';
import { GrowingBuffer } from './growing-buffer.ts';
import type { DiskCounters, DiskRecord, Unavailability } from './host.ts';
import { unavailability } from './unavailable.ts';

const MAX_VOLUMES = 1000;
const MAX_VOLUME_NAME = 64;

/** Parses what IOCTL_DISK_PERFORMANCE fills. */
export function parseDiskPerformance(buffer: ForeignBuffer): DiskCounters {
  const { at } = DISK_PERFORMANCE;
  return {
    reads: buffer.u32(at.ReadCount),
    writes: buffer.u32(at.WriteCount),
    readBytes: buffer.i64(at.BytesRead),
    writtenBytes: buffer.i64(at.BytesWritten),
    readMs: buffer.i64(at.ReadTime) / TICKS_PER_MS,
    writeMs: buffer.i64(at.WriteTime) / TICKS_PER_MS,
    idleMs: buffer.i64(at.IdleTime) / TICKS_PER_MS,
    queryMs: buffer.i64(at.QueryTime) / TICKS_PER_MS,
  };
}

/** Parses a list of NUL-terminated texts that an empty one ends. */
export function parseTextList(bytes: Buffer): string[] {
  const texts = bytes.toString('utf16le').split('\0');
  const end = texts.indexOf('');
  return end < 0 ? texts : texts.slice(0, end);
}

/** The root that people call a volume by: its letter if it has one, else the first folder that it is mounted in. */
export function mainMountPoint(mountPoints: readonly string[]): string | undefined {
  return mountPoints.find((path) => /^[A-Za-z]:\\$/.test(path)) ?? mountPoints[0];
}

/** `C:` for `C:\`, `D:\Mount\Data` for `D:\Mount\Data\`. */
export function deviceName(mountPoint: string): string {
  const name = mountPoint.replace(/\\$/, '');
  return /^[a-z]:$/.test(name) ? name.toUpperCase() : name;
}

/** Reads the disks of this machine again and again, keeping its buffer. */
export class DiskReader {
  readonly #paths = new GrowingBuffer(1024);

  /** Each volume on its own: one that cannot be read is named in `degraded`, the others are there. Throws Win32Error. */
  read(): { disks: DiskRecord[]; degraded: Unavailability[] } {
    const disks: DiskRecord[] = [];
    const degraded: Unavailability[] = [];
    for (const volume of volumes()) {
      try {
        const mountPoint = mainMountPoint(this.#mountPoints(volume));
        // A volume without a way to it (recovery, system) is nobody's disk.
        if (mountPoint !== undefined && GetDriveTypeW(mountPoint) === DRIVE_FIXED) disks.push(readDisk(volume, mountPoint, degraded));
      } catch (error) {
        degraded.push(unavailability(`volume ${volume}`, error, PART_GRANTS.volume));
      }
    }
    return { disks, degraded };
  }

  #mountPoints(volume: string): string[] {
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

/** Names of all volumes, at most a thousand. Throws Win32Error. */
function volumes(): string[] {
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

function readDisk(volume: string, mountPoint: string, degraded: Unavailability[]): DiskRecord {
  const device = deviceName(mountPoint);
  const attempt = <T extends object>(part: string, grant: Grant, read: () => T): T | Record<string, never> => {
    try {
      return read();
    } catch (error) {
      degraded.push(unavailability(`${part} of ${device}`, error, grant));
      return {};
    }
  };
  return {
    device,
    mountPoint,
    volume,
    ...attempt('size', PART_GRANTS.diskSize, () => readSize(mountPoint)),
    ...attempt('disk counters', PART_GRANTS.diskCounters, () => ({ counters: readCounters(volume) })),
  };
}

function readSize(mountPoint: string): Pick<DiskRecord, 'sizeBytes' | 'freeBytes'> {
  const total = new BigUint64Array(1);
  const free = new BigUint64Array(1);
  checkBool('GetDiskFreeSpaceExW', GetDiskFreeSpaceExW(mountPoint, null, total, free));
  return { sizeBytes: Number(total[0]), freeBytes: Number(free[0]) };
}

/** Opens without access rights, which suffices for counters and needs no elevation. */
function readCounters(volume: string): DiskCounters {
  const share = FILE_SHARE_READ | FILE_SHARE_WRITE;
  const opened = CreateFileW(volume.replace(/\\$/, ''), 0, share, null, OPEN_EXISTING, 0, null);
  if (opened === null || opened === INVALID_HANDLE_VALUE) throw new Win32Error('CreateFileW', GetLastError());
  using device = new Handle(opened, CloseHandle);
  const bytes = Buffer.alloc(DISK_PERFORMANCE.size);
  const filled = new Uint32Array(1);
  checkBool('DeviceIoControl', DeviceIoControl(device.value, IOCTL_DISK_PERFORMANCE, null, 0, bytes, bytes.length, filled, null));
  return parseDiskPerformance(new ForeignBuffer(bytes.subarray(0, filled[0])));
}
