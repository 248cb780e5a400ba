// Decodes the lines of a text file: by its byte order mark, else as UTF-8, else in the code page of the setting.
import type { LineUnit } from '../../logs/line-splitter.ts';

const lenientUtf8 = new TextDecoder('utf-8');
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * A file without a mark is UTF-8 until a line is not: then it is in the code page from there on, unless an earlier line
 * with other characters than ASCII was UTF-8. UTF-16 is only recognised by its mark.
 */
export class LineDecoder {
  readonly #codePage: TextDecoder;
  #decoder: TextDecoder | undefined;

  /** `start`: the first bytes of the file, wherever reading begins. */
  constructor(start: Uint8Array, codePage: string) {
    this.#codePage = new TextDecoder(codePage);
    const unit = lineUnit(start);
    if (unit !== 'byte') this.#decoder = new TextDecoder(unit);
    else if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) this.#decoder = lenientUtf8;
  }

  decode(line: Uint8Array): string {
    if (this.#decoder) return this.#decoder.decode(line);
    try {
      const text = strictUtf8.decode(line);
      if (text.length < line.length) this.#decoder = lenientUtf8;
      return text;
    } catch {
      this.#decoder = this.#codePage;
      return this.#codePage.decode(line);
    }
  }
}

/** How the lines of a file are separated, by its byte order mark. */
export function lineUnit(start: Uint8Array): LineUnit {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  return start[0] === 0xfe && start[1] === 0xff ? 'utf-16be' : 'byte';
}

/** Whether the first bytes of a file may become a byte order mark when more bytes follow. */
export function isPartOfMark(start: Uint8Array): boolean {
  if (start.length === 1) return start[0] === 0xff || start[0] === 0xfe || start[0] === 0xef;
  return start.length === 2 && start[0] === 0xef && start[1] === 0xbb;
}
