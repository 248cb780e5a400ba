// Volumes of fixed disks that have a letter or a mount folder, with the counters of the disk driver.
import { ForeignBuffer } from '../../native/buffer.ts';
import { checkBool } from '../../native/check.ts';
import { Handle } from '../../native/handle.ts';
import {
  CloseHandle,
  CreateFileW,
  DeviceIoControl,
  DISK_PERFORMANCE,
  FILE_SHARE_READ,
  FILE_SHARE_WRITE,
  GetDiskFreeSpaceExW,
  GetLastError,
  INVALID_HANDLE_VALUE,
  IOCTL_DISK_PERFORMANCE,
  IOCTL_DISK_PERFORMANCE_OFF,
  OPEN_EXISTING,
} from '../../native/kernel32.ts';
import { Win32Error } from '../../native/win32-error.ts';
import { TICKS_PER_MS } from '../file-time.ts';
import { type Grant, KIND_GRANTS, PART_GRANTS } from '../grants.ts';
import type { DiskCounters, DiskRecord, Unavailability } from '../host.ts';
import { unavailability } from '../unavailable.ts';
import { DiskCounting } from './disk-counting.ts';
import { MountedVolumes } from './mounted-volumes.ts';
import { EVERY_ROUND, type Poll } from './poll.ts';
import { deviceName } from './volumes.ts';

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

/** Reads the disks of this machine into a buffer that it keeps. */
export class DiskReader {
  readonly #mounted = new MountedVolumes();
  readonly #counting = new DiskCounting();

  /** A volume that cannot be read is named in `degraded`. Throws Win32Error when there is no list of volumes. */
  read(): { data: DiskRecord[]; degraded: Unavailability[] } {
    const { volumes, mounted, degraded: unlisted } = this.#mounted.read();
    const degraded = [...unlisted];
    const disks = mounted.map(({ volume, mountPoint }) => readDisk(volume, mountPoint, this.#counting, degraded));
    if (disks.some(({ sizeBytes }) => sizeBytes === undefined)) this.#mounted.forget();
    this.#counting.retain(volumes);
    return { data: disks, degraded };
  }

  /** Turns the counters off again that only the reads have turned on. */
  close(): void {
    this.#counting.end((volume) => {
      using device = openVolume(volume);
      turnOff(device);
    });
  }
}

function readDisk(volume: string, mountPoint: string, counting: DiskCounting, degraded: Unavailability[]): DiskRecord {
  const device = deviceName(mountPoint);
  const attempt = <T extends object>(part: string, grant: Grant, read: () => T): T | Record<string, never> => {
    try {
      return read();
    } catch (error) {
      degraded.push(unavailability(`${part} of ${device}`, error, grant));
      return {};
    }
  };
  const readCounted = (): { counters: DiskCounters } => {
    using opened = openVolume(volume);
    const counters = readCounters(opened);
    attempt('reference to the disk counters', PART_GRANTS.diskReference, () => {
      counting.afterRead(volume, () => turnOff(opened));
      return {};
    });
    return { counters };
  };
  return {
    device,
    mountPoint,
    volume,
    ...attempt('size', PART_GRANTS.diskSize, () => readSize(mountPoint)),
    ...attempt('disk counters', PART_GRANTS.diskCounters, readCounted),
  };
}

function readSize(mountPoint: string): Pick<DiskRecord, 'sizeBytes' | 'freeBytes'> {
  const total = new BigUint64Array(1);
  const free = new BigUint64Array(1);
  checkBool('GetDiskFreeSpaceExW', GetDiskFreeSpaceExW(mountPoint, null, total, free));
  return { sizeBytes: Number(total[0]), freeBytes: Number(free[0]) };
}

/** Opens the volume with no access rights: that suffices for counters and needs no elevation. */
function openVolume(volume: string): Handle {
  const share = FILE_SHARE_READ | FILE_SHARE_WRITE;
  const opened = CreateFileW(volume.replace(/\\$/, ''), 0, share, null, OPEN_EXISTING, 0, null);
  if (opened === null || opened === INVALID_HANDLE_VALUE) throw new Win32Error('CreateFileW', GetLastError());
  return new Handle(opened, CloseHandle);
}

function readCounters(device: Handle): DiskCounters {
  const bytes = Buffer.alloc(DISK_PERFORMANCE.size);
  const filled = new Uint32Array(1);
  checkBool(
    'DeviceIoControl',
    DeviceIoControl(device.value, IOCTL_DISK_PERFORMANCE, null, 0, bytes, bytes.length, filled, null),
  );
  return parseDiskPerformance(new ForeignBuffer(bytes.subarray(0, filled[0])));
}

function turnOff(device: Handle): void {
  const filled = new Uint32Array(1);
  checkBool(
    'DeviceIoControl',
    DeviceIoControl(device.value, IOCTL_DISK_PERFORMANCE_OFF, null, 0, null, 0, filled, null),
  );
}

export function createDiskPoll(): Poll<'disks'> {
  const reader = new DiskReader();
  return {
    kind: 'disks',
    schedule: EVERY_ROUND,
    grant: KIND_GRANTS.disks,
    read: () => reader.read(),
    close: () => reader.close(),
  };
}
