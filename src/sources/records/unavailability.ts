// A part of the host that could not be read, and why.

/** One value that could not be read: why, and the Win32 or NTSTATUS code where there is one. */
export interface Unavailability {
  /** What is missing, e.g. `tcp tables of compartment 3`. */
  readonly part: string;
  /** Why, in words for a person. */
  readonly reason: string;
  /** Win32 error or NTSTATUS, if the system gave one. */
  readonly code?: number;
  /** The right that would give it, if it is one that is missing. */
  readonly requiredRight?: string;
  /** What is lost without it. */
  readonly consequence?: string;
}
