// References that turn on the disk counters of volumes: each read takes one, and all but one are given back at once.

/** Gives one reference to the counters of a volume back. Throws Win32Error. */
export type TurnOff = () => void;

/**
 * IOCTL_DISK_PERFORMANCE counts a reference that keeps the counters on, IOCTL_DISK_PERFORMANCE_OFF gives one back:
 * https://learn.microsoft.com/windows-hardware/drivers/ddi/ntdddisk/ni-ntdddisk-ioctl_disk_performance
 * One reference for each volume remains while the agent runs, because without any Windows stops counting.
 */
export class DiskCounting {
  readonly #references = new Map<string, number>();

  /** Call it after each read. Throws what `turnOff` throws; the next call tries again. */
  afterRead(volume: string, turnOff: TurnOff): void {
    this.#references.set(volume, (this.#references.get(volume) ?? 0) + 1);
    this.#giveBack(volume, 1, turnOff);
  }

  /** Forgets volumes that are no longer there; their references ended with them. */
  retain(volumes: ReadonlySet<string>): void {
    for (const volume of this.#references.keys()) if (!volumes.has(volume)) this.#references.delete(volume);
  }

  /** Gives every reference back. A volume that fails does not affect the others. */
  end(turnOff: (volume: string) => void): void {
    for (const volume of this.#references.keys()) {
      try {
        this.#giveBack(volume, 0, () => turnOff(volume));
      } catch {
        // The process ends: the counters of this volume stay on until Windows restarts.
      }
    }
  }

  #giveBack(volume: string, rest: number, turnOff: TurnOff): void {
    for (let count = this.#references.get(volume)!; count > rest; count--) {
      turnOff();
      this.#references.set(volume, count - 1);
    }
  }
}
