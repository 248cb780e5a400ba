// Volumes of fixed disks that have a mount point, listed in every fourth round: a list takes several calls per volume.
import { DRIVE_FIXED, GetDriveTypeW } from '../../native/kernel32.ts';
import { PART_GRANTS } from '../grants.ts';
import type { Unavailability } from '../host.ts';
import { unavailability } from '../unavailable.ts';
import { MountPointReader, mainMountPoint, readVolumes } from './volumes.ts';

const LIST_ROUNDS = 4;

export interface VolumeList {
  /** Names of all volumes, mounted or not. */
  readonly volumes: ReadonlySet<string>;
  /** Those of fixed disks with a mount point. */
  readonly mounted: readonly { readonly volume: string; readonly mountPoint: string }[];
  /** Volumes that could not be read. */
  readonly degraded: readonly Unavailability[];
}

export class MountedVolumes {
  readonly #list: () => VolumeList;
  #current: VolumeList | undefined;
  #roundsLeft = 0;

  /** `list` is replaced by tests. */
  constructor(list: () => VolumeList = createLister()) {
    this.#list = list;
  }

  /** The list of this round. Throws Win32Error when there is no list of volumes. */
  read(): VolumeList {
    if (!this.#current || this.#roundsLeft === 0) {
      this.#current = undefined;
      this.#current = this.#list();
      this.#roundsLeft = LIST_ROUNDS;
    }
    this.#roundsLeft--;
    return this.#current;
  }

  /** A volume is no longer there: the next round lists again. */
  forget(): void {
    this.#current = undefined;
  }
}

function createLister(): () => VolumeList {
  const mountPoints = new MountPointReader();
  return () => {
    const volumes = readVolumes();
    const degraded: Unavailability[] = [];
    const mounted = volumes.flatMap((volume) => {
      try {
        const mountPoint = mainMountPoint(mountPoints.read(volume));
        // Recovery and system volumes have no mount point.
        return mountPoint !== undefined && GetDriveTypeW(mountPoint) === DRIVE_FIXED ? [{ volume, mountPoint }] : [];
      } catch (error) {
        degraded.push(unavailability(`volume ${volume}`, error, PART_GRANTS.volume));
        return [];
      }
    });
    return { volumes: new Set(volumes), mounted, degraded };
  };
}
