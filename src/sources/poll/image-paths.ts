// Full paths of the images of processes, read once for each process and without opening it.
import { checkStatus } from '../../native/check.ts';
import {
  NtQuerySystemInformation,
  SYSTEM_PROCESS_ID_INFORMATION,
  SystemProcessIdInformation,
} from '../../native/ntdll.ts';
import { withPointers } from '../../native/pointers.ts';
import { STATUS_INVALID_CID, Win32Error } from '../../native/win32-error.ts';
import { PART_GRANTS } from '../grants.ts';
import type { ProcessTable, Unavailability } from '../host.ts';
import { unavailability } from '../unavailable.ts';
import { DevicePaths } from './device-paths.ts';

/** Limit of paths that are read in one round; a read takes some microseconds. The next round reads the others. */
const MAX_READS = 2000;
/** Length of the longest path, in bytes of UTF-16. */
const MAX_PATH_BYTES = 65_534;
/** The idle process and the kernel have no image. */
const LAST_SYSTEM_PID = 4;

interface Image {
  readonly createdAtMs: number;
  readonly path: string;
  /** Why the path could not be read. A process that had ended by then has no error. */
  readonly error?: unknown;
}

/** Keeps the path of each process by pid and creation time. */
export class ImagePaths {
  readonly #readPath: (pid: number) => string;
  #images = new Map<number, Image>();

  constructor(readPath = createPathReader()) {
    this.#readPath = readPath;
  }

  /**
   * One path for each row. It is empty for a process without an image, and for one that is not read yet or cannot be
   * read.
   */
  read(table: ProcessTable): { imagePath: string[]; degraded: Unavailability[] } {
    const images = new Map<number, Image>();
    const imagePath = new Array<string>(table.count);
    const degraded: Unavailability[] = [];
    let reads = 0;
    for (let row = 0; row < table.count; row++) {
      const pid = table.pid[row]!;
      const createdAtMs = table.createdAtMs[row]!;
      let image = this.#images.get(pid);
      if (image?.createdAtMs !== createdAtMs) {
        image = undefined;
        if (pid <= LAST_SYSTEM_PID) image = { createdAtMs, path: '' };
        else if (reads++ < MAX_READS) image = this.#readImage(pid, createdAtMs);
      }
      imagePath[row] = image?.path ?? '';
      if (!image) continue;
      images.set(pid, image);
      if (image.error && degraded.length === 0)
        degraded.push(unavailability('image paths of processes', image.error, PART_GRANTS.imagePaths));
    }
    this.#images = images;
    return { imagePath, degraded };
  }

  #readImage(pid: number, createdAtMs: number): Image {
    try {
      return { createdAtMs, path: this.#readPath(pid) };
    } catch (error) {
      const hasEnded = error instanceof Win32Error && error.code === STATUS_INVALID_CID;
      return { createdAtMs, path: '', ...(hasEnded ? {} : { error }) };
    }
  }
}

/** Reads the path of one process, with a drive letter or mount folder. Throws Win32Error. */
function createPathReader(): (pid: number) => string {
  const { size, at } = SYSTEM_PROCESS_ID_INFORMATION;
  const devices = new DevicePaths();
  let buffers: { request: Buffer; name: Buffer } | undefined;
  const needed = new Uint32Array(1);
  return (pid) => {
    buffers ??= { request: Buffer.alloc(size), name: Buffer.alloc(MAX_PATH_BYTES) };
    const { request, name } = buffers;
    request.fill(0);
    request.writeBigUInt64LE(BigInt(pid), at.ProcessId);
    request.writeUInt16LE(name.length, at.ImageNameMaximumLength);
    const status = withPointers((setPointer) => {
      setPointer(request, at.ImageNameBuffer, name);
      return NtQuerySystemInformation(SystemProcessIdInformation, request, size, needed, 0, 0);
    });
    checkStatus('NtQuerySystemInformation', status);
    return devices.toPath(name.toString('utf16le', 0, Math.min(request.readUInt16LE(at.ImageNameLength), name.length)));
  };
}
