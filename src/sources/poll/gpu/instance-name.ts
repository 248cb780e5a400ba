// Names of the instances of Windows' GPU counters: process, adapter and engine.

/** Longest name that is parsed; those of Windows have some 80 characters. */
const MAX_LENGTH = 256;
const MAX_PID = 0xffff_ffff;

export interface CounterInstance {
  /** Undefined for a counter of the whole adapter. */
  readonly pid: number | undefined;
  readonly adapter: string;
  readonly luid: Luid;
  /** GPU of a linked adapter, 0 for a single one. */
  readonly physical: number;
}

/** Number of an adapter until Windows restarts, or the adapter does. */
export interface Luid {
  readonly high: number;
  readonly low: number;
}

// Engine types are free text, and Windows adds `#1` to a name that it has twice.
const pattern =
  /^(?:pid_(\d{1,10})_)?luid_0x([0-9a-f]{1,8})_0x([0-9a-f]{1,8})_phys_(\d{1,3})(?:_(?:eng|part)_\d{1,5}(?:_engtype_.*)?)?(?:#\d{1,5})?$/is;

/**
 * Parses e.g. `pid_1234_luid_0x00000000_0x00005678_phys_0_eng_0_engtype_3D`. Undefined for a name of another form.
 * Source of the forms: the exporter of prometheus-community, internal/collector/gpu.
 */
export function parseInstanceName(name: string): CounterInstance | undefined {
  const match = name.length <= MAX_LENGTH ? pattern.exec(name) : null;
  if (!match) return undefined;
  const [, pidText, high, low, physicalText] = match;
  const pid = pidText === undefined ? undefined : Number(pidText);
  if (pid !== undefined && pid > MAX_PID) return undefined;
  const luid = { high: Number.parseInt(high!, 16), low: Number.parseInt(low!, 16) };
  const physical = Number(physicalText);
  return { pid, luid, physical, adapter: adapterName(luid, physical) };
}

/** `0x00000000_0x00005678`, and the number of the GPU in a linked adapter. */
function adapterName({ high, low }: Luid, physical: number): string {
  const hex = (value: number): string => `0x${value.toString(16).toUpperCase().padStart(8, '0')}`;
  return `${hex(high)}_${hex(low)}${physical === 0 ? '' : ` phys ${physical}`}`;
}
