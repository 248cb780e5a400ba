// What one container uses of the GPUs.

/** Use of one GPU at the last reading. */
export interface GpuUse {
  readonly uuid: string;
  /** A process of the container was on it. */
  readonly used: boolean;
  /** Undefined while unknown. */
  readonly usagePercent: number | undefined;
  /** Share of the GPU's memory; undefined while unknown. */
  readonly memoryPercent: number | undefined;
}

/** A GPU that the container has used once; the same object from then on, so that label sets can be stored with it. */
export interface ContainerGpu {
  readonly uuid: string;
  usagePercent: number | undefined;
  memoryPercent: number | undefined;
}

export class ContainerGpus {
  readonly #byUuid = new Map<string, ContainerGpu>();

  /** `uses` has each GPU that is there now; of others nothing is known. */
  update(uses: readonly GpuUse[]): void {
    for (const each of this.#byUuid.values()) {
      each.usagePercent = undefined;
      each.memoryPercent = undefined;
    }
    for (const { uuid, used, usagePercent, memoryPercent } of uses) {
      const known = this.#byUuid.get(uuid);
      if (known) Object.assign(known, { usagePercent, memoryPercent });
      else if (used) this.#byUuid.set(uuid, { uuid, usagePercent, memoryPercent });
    }
  }

  /** GPUs that the container has used since it was discovered. */
  all(): ContainerGpu[] {
    return [...this.#byUuid.values()];
  }
}
