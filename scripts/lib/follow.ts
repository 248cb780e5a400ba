// Prints a file while another process writes it; the output of Windows programs under Wine goes to files.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Prints what is appended to a file until the returned function is called. */
export function follow(path: string, out: NodeJS.WriteStream): () => void {
  const file = openSync(path, 'r');
  let position = 0;
  const print = (): void => {
    const bytes = Buffer.alloc(fstatSync(file).size - position);
    position += readSync(file, bytes, 0, bytes.length, position);
    out.write(bytes);
  };
  const timer = setInterval(print, 100);
  return () => {
    clearInterval(timer);
    print();
    closeSync(file);
  };
}
