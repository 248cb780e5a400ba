// Types of snappyjs, which has none: the block format of snappy.
declare module 'snappyjs' {
  /** Both take and return one of Buffer, Uint8Array and ArrayBuffer; a broken input throws. */
  const snappy: {
    compress(input: Uint8Array): Uint8Array;
    uncompress(input: Uint8Array): Uint8Array;
  };
  export default snappy;
}
