// The disk that a container's requests are reported for: the disk of its program, as in Coroot.
import type { Disk } from '../disks.ts';

/** Replaced when the disk changes, so that label sets can be stored with it. */
export class ContainerDisk {
  /** Root with a backslash at its end, e.g. `C:\`. */
  readonly mountPoint: string;
  /** `C:`, or the folder that a volume without a letter is mounted in; the node's disks have the same name. */
  readonly device: string;
  /** The node's disk; undefined for a drive that is none of them, e.g. a removable one. */
  disk: Disk | undefined;

  constructor(mountPoint: string, device: string) {
    this.mountPoint = mountPoint;
    this.device = device;
  }
}

interface Located {
  readonly diskPath: string;
  disk: ContainerDisk | undefined;
}

/**
 * Finds for each container the disk with the longest mount point that its program's path begins with, else the drive
 * letter.
 */
export function locate(containers: readonly Located[], disks: readonly Disk[]): void {
  const byLength = disks
    .map((disk) => ({ disk, mountPoint: disk.record.mountPoint, lower: disk.record.mountPoint.toLowerCase() }))
    .sort((a, b) => b.lower.length - a.lower.length);
  for (const container of containers) {
    const path = container.diskPath.toLowerCase();
    const found = byLength.find(({ lower }) => path.startsWith(lower));
    const letter = /^[a-z]:\\/.exec(path)?.[0].toUpperCase();
    const mountPoint = found?.mountPoint ?? letter;
    if (mountPoint === undefined) {
      container.disk = undefined;
      continue;
    }
    const device = found?.disk.device ?? mountPoint.slice(0, -1);
    if (container.disk?.mountPoint !== mountPoint || container.disk.device !== device)
      container.disk = new ContainerDisk(mountPoint, device);
    container.disk.disk = found?.disk;
  }
}
