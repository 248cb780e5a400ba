// The processes of one moment.

/** Every process of one moment, one array a column, all of length `count`. */
export interface ProcessTable {
  readonly count: number;
  readonly pid: Uint32Array;
  readonly parentPid: Uint32Array;
  readonly sessionId: Uint32Array;
  /** Milliseconds since 1970, 0 for the idle process. */
  readonly createdAtMs: Float64Array;
  readonly userMs: Float64Array;
  readonly kernelMs: Float64Array;
  readonly workingSetBytes: Float64Array;
  /** 0 where the system does not tell. */
  readonly privateWorkingSetBytes: Float64Array;
  /** Requests of every kind, to files, network and pipes alike. */
  readonly reads: Float64Array;
  readonly writes: Float64Array;
  readonly readBytes: Float64Array;
  readonly writtenBytes: Float64Array;
  readonly threads: Uint32Array;
  readonly handles: Uint32Array;
  /** Image names without a path, e.g. `svchost.exe`. */
  readonly name: readonly string[];
  /** Full paths of the images, e.g. `C:\\Windows\\System32\\svchost.exe`; empty where a process has none or it could not be read. */
  readonly imagePath?: readonly string[];
  /** Page faults of all kinds; 32 bits wide: it wraps. */
  readonly pageFaults?: Uint32Array;
  /** Those that waited for a disk; 32 bits wide: it wraps. */
  readonly hardFaults?: Uint32Array;
  /** Cycles of the processor in its whole life, all threads together; 0 or absent where the system does not count them. */
  readonly cycles?: Float64Array;
  /** Requests that reached a disk, and their bytes; all four are absent where the system keeps none (before Windows 10 1709). */
  readonly diskReads?: Float64Array;
  readonly diskWrites?: Float64Array;
  readonly diskReadBytes?: Float64Array;
  readonly diskWrittenBytes?: Float64Array;
  /** The system's number of the job that it is in, 0 for none; absent as the disk counters are. */
  readonly jobId?: Uint32Array;
}
