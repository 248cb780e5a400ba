// MD5 of a text, the identifier of a log pattern in Coroot; it protects nothing.
import { hash } from 'node:crypto';

/** 32 lower-case hexadecimal digits of the MD5 of the text in UTF-8. */
export function md5Hex(text: string): string {
  return hash('md5', text);
}
