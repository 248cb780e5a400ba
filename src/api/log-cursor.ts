// A position among the recent messages: the run of the agent and the number of the last message that is known.

export interface LogCursor {
  /** Start of the agent in milliseconds since 1970; undefined for a number alone, which is of this run. */
  readonly run: number | undefined;
  readonly seq: number;
}

/** `1767225600000-42`, or `42`; undefined for a text of another form. */
export function parseCursor(text: string): LogCursor | undefined {
  const match = /^(?:(\d{1,16})-)?(\d{1,16})$/.exec(text);
  if (!match) return undefined;
  return { run: match[1] === undefined ? undefined : Number(match[1]), seq: Number(match[2]) };
}

export function cursorText(run: number, seq: number): string {
  return `${run}-${seq}`;
}

/** Position after a cursor; the start for a cursor of another run of the agent. */
export function resumeAt(
  cursor: LogCursor,
  run: number,
  lastSeq: number,
): { readonly seq: number; readonly restarted: boolean } {
  const restarted = (cursor.run !== undefined && cursor.run !== run) || cursor.seq > lastSeq;
  return { seq: restarted ? 0 : cursor.seq, restarted };
}
