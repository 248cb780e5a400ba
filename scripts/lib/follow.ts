// Prints a file while another process writes it: what a Windows program says under Wine goes to files.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Prints what a file grows by until it is told to stop. */
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
