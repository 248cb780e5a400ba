// Paths of the object namespace, such as \Device\HarddiskVolume3\x, as people write them: C:\x, or the folder that the volume is mounted in.
import { GetLogicalDrives, QueryDosDeviceW } from '../../native/kernel32.ts';
import { MountPointReader, mainMountPoint, parseTextList, readVolumes } from './volumes.ts';

/** QueryDosDeviceW takes no more than MAX_PATH and some earlier mappings, which do not matter. */
const TARGET_CHARS = 1024;
const LETTERS = 26;
const FIRST_LETTER = 65;
/** Between two searches for one device: nothing leads to the layers of a container for as long as they live. */
const SEARCH_EVERY_MS = 60_000;
const MAX_SEARCHED = 1000;

/** Windows' names of devices, and where they are reached. */
export interface DeviceNames {
  /** Device by drive letter with a colon. */
  letters(): Map<string, string>;
  /** Device by mount folder with a backslash at its end, of volumes without a letter. */
  folders(): Map<string, string>;
}

/** Translates paths, looking devices up when it meets one that it does not know. */
export class DevicePaths {
  readonly #names: DeviceNames;
  readonly #now: () => number;
  /** Mount point without a backslash at its end, by device in lower case. */
  #mounts = new Map<string, string>();
  /** When a device without a mount point was looked for last. */
  #searchedAtMs = new Map<string, number>();

  constructor(names: DeviceNames = systemNames, now = () => performance.now()) {
    this.#names = names;
    this.#now = now;
  }

  /** What no drive and no folder leads to stays as it is. */
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
    // Mappings change: what is known is made anew as well. Letters need no volume manager, so they come first.
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
    return targets(letters.filter(({ bit }) => (drives & bit) !== 0).map(({ letter }) => [letter, letter]));
  },
  folders() {
    const reader = new MountPointReader();
    const found: [folder: string, device: string][] = [];
    for (const volume of readVolumes()) {
      const folder = mainMountPoint(reader.read(volume));
      // `\\?\Volume{...}\` is a name of the same kind as `C:`, between its marks.
      if (folder !== undefined && folder.length > 'C:\\'.length)
        found.push([folder, volume.slice('\\\\?\\'.length, -1)]);
    }
    return targets(found);
  },
};

/** The devices behind names, by what stands beside each name; names that lead nowhere, or to a folder of another drive, are left out. */
function targets(names: readonly (readonly [key: string, dosDevice: string])[]): Map<string, string> {
  const buffer = Buffer.alloc(TARGET_CHARS * 2);
  const found = new Map<string, string>();
  for (const [key, dosDevice] of names) {
    const chars = QueryDosDeviceW(dosDevice, buffer, TARGET_CHARS);
    const target = chars === 0 ? undefined : parseTextList(buffer.subarray(0, chars * 2))[0];
    if (target?.startsWith('\\Device\\')) found.set(key, target);
  }
  return found;
}
