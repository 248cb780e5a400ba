// Prints a file while another process writes it; the output of Windows programs under Wine goes to files.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const READ_BYTES = 65_536;
const POLL_MS = 100;

export interface Following {
  /** Prints what the file has gained since the last call. A file that became shorter is printed from its start. */
  print(): void;
  /** Prints the rest and closes the file. */
  stop(): void;
}

/** Prints the file to `out`, and what is appended to it every 100 ms, until it is stopped. */
export function follow(path: string, out: Pick<NodeJS.WritableStream, 'write'>): Following {
  const file = openSync(path, 'r');
  const buffer = Buffer.alloc(READ_BYTES);
  let position = 0;
  const print = (): void => {
    // Another writer can truncate the file: the rest of what it held is gone.
    if (fstatSync(file).size < position) position = 0;
    for (;;) {
      const bytes = readSync(file, buffer, 0, buffer.length, position);
      if (bytes === 0) return;
      position += bytes;
      out.write(Buffer.from(buffer.subarray(0, bytes)));
    }
  };
  const timer = setInterval(print, POLL_MS);
  return {
    print,
    stop() {
      clearInterval(timer);
      print();
      closeSync(file);
    },
  };
}
