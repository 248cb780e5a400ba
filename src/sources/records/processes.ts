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
  readonly reads: Float64Array;
  readonly writes: Float64Array;
  readonly readBytes: Float64Array;
  readonly writtenBytes: Float64Array;
  readonly threads: Uint32Array;
  readonly handles: Uint32Array;
  /** Image names without a path, e.g. `svchost.exe`. */
  readonly name: readonly string[];
}
