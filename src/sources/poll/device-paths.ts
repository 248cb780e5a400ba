// Translates paths of the object namespace, such as \Device\HarddiskVolume3\x, to paths with a letter or mount folder.
import { GetLogicalDrives, QueryDosDeviceW } from '../../native/kernel32.ts';
import { MountPointReader, mainMountPoint, parseTextList, readVolumes } from './volumes.ts';

/** Room for MAX_PATH and some earlier mappings, which are ignored. */
const TARGET_CHARS = 1024;
const LETTERS = 26;
const FIRST_LETTER = 65;
/** Time between two searches for one device. The layers of a container never have a mount point. */
const SEARCH_EVERY_MS = 60_000;
const MAX_SEARCHED = 1000;

/** Names of devices by their mount points. */
export interface DeviceNames {
  /** Device by drive letter, e.g. `C:`. */
  letters(): Map<string, string>;
  /** Device by mount folder, e.g. `D:\\Mount\\`, of volumes without a letter. */
  folders(): Map<string, string>;
}

/** Translates paths. A device that is unknown is searched for. */
export class DevicePaths {
  readonly #names: DeviceNames;
  readonly #now: () => number;
  /** Mount point without its last backslash, by device in lower case. */
  #mounts = new Map<string, string>();
  /** Time of the last search for each device without a mount point. */
  #searchedAtMs = new Map<string, number>();

  constructor(names: DeviceNames = systemNames, now = () => performance.now()) {
    this.#names = names;
    this.#now = now;
  }

  /** A path on a device without a mount point is returned unchanged. */
  toPath(path: string): string {
    if (/^\\\?\?\\UNC\\/i.test(path)) return `\\\\${path.slice('\\??\\UNC\\'.length)}`;
    if (path.startsWith('\\??\\')) return path.slice('\\??\\'.length);
    if (/^\\Device\\Mup\\/i.test(path)) return `\\\\${path.slice('\\Device\\Mup\\'.length)}`;
    const device = /^\\Device\\[^\\]+/i.exec(path)?.[0];
    if (device === undefined) return path;
    const mount = this.#mountOf(device.toLowerCase());
    return mount === undefined ? path : `${mount}${path.slice(device.length)}`;
  }

  #mountOf(device: string): string | undefined {
    if (!this.#mounts.has(device)) this.#search(device);
    return this.#mounts.get(device);
  }

  #search(device: string): void {
    const now = this.#now();
    if (now - (this.#searchedAtMs.get(device) ?? Number.NEGATIVE_INFINITY) < SEARCH_EVERY_MS) return;
    if (this.#searchedAtMs.size >= MAX_SEARCHED) this.#searchedAtMs.clear();
    this.#searchedAtMs.set(device, now);
    // Mappings change, so all of them are read. Letters come first, because they do not need the volume manager.
    this.#mounts = new Map();
    for (const [letter, target] of this.#names.letters()) this.#mounts.set(target.toLowerCase(), letter);
    if (this.#mounts.has(device)) return;
    for (const [folder, target] of this.#names.folders()) {
      const key = target.toLowerCase();
      if (!this.#mounts.has(key)) this.#mounts.set(key, folder.replace(/\\$/, ''));
    }
  }
}

const systemNames: DeviceNames = {
  letters() {
    const drives = GetLogicalDrives();
    const letters = Array.from({ length: LETTERS }, (_, i) => ({
      bit: 1 << i,
      letter: `${String.fromCharCode(FIRST_LETTER + i)}:`,
    }));
    return readTargets(letters.filter(({ bit }) => (drives & bit) !== 0).map(({ letter }) => [letter, letter]));
  },
  folders() {
    const reader = new MountPointReader();
    const found: [folder: string, device: string][] = [];
    for (const volume of readVolumes()) {
      const folder = mainMountPoint(reader.read(volume));
      // Without `\\?\` and the last backslash, `\\?\Volume{...}\` is a DOS device name like `C:`.
      if (folder !== undefined && folder.length > 'C:\\'.length)
        found.push([folder, volume.slice('\\\\?\\'.length, -1)]);
    }
    return readTargets(found);
  },
};

/**
 * The device of each DOS device name, by its key. Names of no device, or of a folder on another drive, are left out.
 */
function readTargets(names: readonly (readonly [key: string, dosDevice: string])[]): Map<string, string> {
  const buffer = Buffer.alloc(TARGET_CHARS * 2);
  const found = new Map<string, string>();
  for (const [key, dosDevice] of names) {
    const chars = QueryDosDeviceW(dosDevice, buffer, TARGET_CHARS);
    const target = chars === 0 ? undefined : parseTextList(buffer.subarray(0, chars * 2))[0];
    if (target?.startsWith('\\Device\\')) found.set(key, target);
  }
  return found;
}
