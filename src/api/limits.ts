// Limits of answers, for the control plane and its clients.

/** Rows of a list unless the client asks for fewer or more. */
export const DEFAULT_ROWS = 10_000;
export const MAX_ROWS = 200_000;
