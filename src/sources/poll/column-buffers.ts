// Finds the memory of columns, so that a message transfers it instead of copying it.

/** The memory of each column in a record or a list of records. */
export function columnBuffers(data: unknown): ArrayBuffer[] {
  if (typeof data !== 'object' || data === null) return [];
  if (ArrayBuffer.isView(data)) return [data.buffer as ArrayBuffer];
  const values = Array.isArray(data) ? data : Object.values(data);
  return values.flatMap((value) => (ArrayBuffer.isView(value) || hasColumns(value) ? columnBuffers(value) : []));
}

function hasColumns(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).some((inner) => ArrayBuffer.isView(inner));
}
