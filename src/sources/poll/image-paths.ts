// Full paths of the images of processes, asked of the system once in the life of each process, without opening it.

import { checkStatus } from '../../native/check.ts';
import { addressOf } from '../../native/ffi.ts';
import {
  NtQuerySystemInformation,
  SYSTEM_PROCESS_ID_INFORMATION,
  SystemProcessIdInformation,
} from '../../native/ntdll.ts';
import { STATUS_INVALID_CID, Win32Error } from '../../native/win32-error.ts';
import { PART_GRANTS } from '../grants.ts';
import type { ProcessTable, Unavailability } from '../host.ts';
import { unavailability } from '../unavailable.ts';
import { DevicePaths } from './device-paths.ts';

/** New processes that are asked for in one round; a call takes some microseconds. The others come in the next. */
const MAX_ASKED = 2000;
/** The longest path that the system has, in bytes of UTF-16. */
const MAX_PATH_BYTES = 65_534;
/** The idle process and the kernel have no image that runs. */
const LAST_SYSTEM_PID = 4;

interface KnownImage {
  readonly createdAtMs: number;
  readonly path: string;
  /** Why the path could not be read; a process that was gone by then has no fault. */
  readonly fault?: unknown;
}

/** Remembers the path of each process by pid and birth. */
export class ImagePaths {
  readonly #read: (pid: number) => string;
  #known = new Map<number, KnownImage>();

  constructor(read = createReader()) {
    this.#read = read;
  }

  /** One path a row; empty where there is none, where it is not asked for yet, or where it could not be read. */
  of(table: ProcessTable): { imagePath: string[]; degraded: Unavailability[] } {
    const known = new Map<number, KnownImage>();
    const imagePath = new Array<string>(table.count);
    const degraded: Unavailability[] = [];
    let asked = 0;
    for (let row = 0; row < table.count; row++) {
      const pid = table.pid[row]!;
      const createdAtMs = table.createdAtMs[row]!;
      let image = this.#known.get(pid);
      if (image?.createdAtMs !== createdAtMs) {
        image = undefined;
        if (pid <= LAST_SYSTEM_PID) image = { createdAtMs, path: '' };
        else if (asked++ < MAX_ASKED) image = this.#ask(pid, createdAtMs);
      }
      imagePath[row] = image?.path ?? '';
      if (!image) continue;
      known.set(pid, image);
      if (image.fault && degraded.length === 0)
        degraded.push(unavailability('image paths of processes', image.fault, PART_GRANTS.imagePaths));
    }
    this.#known = known;
    return { imagePath, degraded };
  }

  #ask(pid: number, createdAtMs: number): KnownImage {
    try {
      return { createdAtMs, path: this.#read(pid) };
    } catch (fault) {
      const gone = fault instanceof Win32Error && fault.code === STATUS_INVALID_CID;
      return { createdAtMs, path: '', ...(gone ? {} : { fault }) };
    }
  }
}

/** Reads the path of one process, as people write it. Throws Win32Error. */
function createReader(): (pid: number) => string {
  const { size, at } = SYSTEM_PROCESS_ID_INFORMATION;
  const devices = new DevicePaths();
  let request: Buffer | undefined;
  let name: Buffer | undefined;
  const needed = new Uint32Array(1);
  return (pid) => {
    request ??= Buffer.alloc(size);
    name ??= Buffer.alloc(MAX_PATH_BYTES);
    request.fill(0);
    request.writeBigUInt64LE(BigInt(pid), at.ProcessId);
    request.writeUInt16LE(name.length, at.ImageNameMaximumLength);
    request.writeBigUInt64LE(addressOf(name), at.ImageNameBuffer);
    const status = NtQuerySystemInformation(SystemProcessIdInformation, request, size, needed, 0, 0);
    checkStatus('NtQuerySystemInformation', status);
    return devices.toPath(name.toString('utf16le', 0, Math.min(request.readUInt16LE(at.ImageNameLength), name.length)));
  };
}
