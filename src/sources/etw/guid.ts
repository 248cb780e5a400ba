// GUIDs as text and as the bytes that Windows uses.

/** The 16 bytes of a GUID in memory: three little-endian numbers, then eight bytes in the order of the text. */
export function guidBytes(guid: string): Buffer {
  const hex = Buffer.from(guid.replaceAll('-', ''), 'hex');
  hex.subarray(0, 4).reverse();
  hex.subarray(4, 6).reverse();
  hex.subarray(6, 8).reverse();
  return hex;
}

/** Text of the 16 bytes of a GUID in memory, in lower case without braces. */
export function guidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes);
  hex.subarray(0, 4).reverse();
  hex.subarray(4, 6).reverse();
  hex.subarray(6, 8).reverse();
  return hex.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
