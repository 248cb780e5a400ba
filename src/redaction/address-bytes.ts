// Bytes of addresses from their texts.

export function ipv4Bytes(text: string): Uint8Array {
  return Uint8Array.from(text.split('.'), Number);
}

/** Bytes of a valid IPv6 address without a zone; its end may have the dotted form. */
export function ipv6Bytes(text: string): Uint8Array {
  const plain = text.replace(/\d+(?:\.\d+){3}$/, (dotted) => {
    const [a = 0, b = 0, c = 0, d = 0] = ipv4Bytes(dotted);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [head = '', tail] = plain.split('::');
  const groups = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  const all = [...front, ...new Array<number>(8 - front.length - back.length).fill(0), ...back];
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 255]));
}
