// Finds the memory of columns, so that a message hands it over instead of copying it.

/** The memory of every column in a record or a list of records, to be handed over instead of copied. */
export function buffersOf(data: unknown): ArrayBuffer[] {
  if (typeof data !== 'object' || data === null) return [];
  if (ArrayBuffer.isView(data)) return [data.buffer as ArrayBuffer];
  const values = Array.isArray(data) ? data : Object.values(data);
  return values.flatMap((value) => (ArrayBuffer.isView(value) || isPlainRecord(value) ? buffersOf(value) : []));
}

function isPlainRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).some((inner) => ArrayBuffer.isView(inner));
}
