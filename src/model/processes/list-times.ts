// Times of the last two process lists.

/** Milliseconds since 1970; 0 for a list that does not exist. */
export interface ListTimes {
  readonly lastMs: number;
  readonly beforeMs: number;
}
