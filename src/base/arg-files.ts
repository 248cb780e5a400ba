// Response files: `@FILE` on a command line is replaced by the arguments in that file.
import { AgentError, reasonOf } from './errors.ts';
import { SMALL_FILE_BYTES, tooLarge } from './small-file.ts';

const MAX_DEPTH = 10;
/** Limit over all files: nested files could multiply the arguments. */
const MAX_ARGUMENTS = 100_000;

/**
 * Replaces each `@FILE` before `--` by the lines of that file, one argument a line, without empty lines and those that
 * begin with `#`. Throws USAGE when a file cannot be read or is larger than 1 MiB, or files are nested more than ten
 * deep.
 */
export function expandArgFiles(args: readonly string[], readFile: (path: string) => string): string[] {
  const expanded: string[] = [];
  let verbatim = false;
  const expand = (batch: readonly string[], depth: number): void => {
    for (const arg of batch) {
      if (arg === '--') verbatim = true;
      if (verbatim || !arg.startsWith('@') || arg === '@') {
        if (depth > 0 && expanded.length >= MAX_ARGUMENTS)
          throw usage(`there are more than ${MAX_ARGUMENTS} arguments`);
        expanded.push(arg);
      } else if (depth >= MAX_DEPTH) throw usage(`${arg}: argument files are nested more than ${MAX_DEPTH} deep`);
      else expand(linesOf(arg.slice(1), readFile), depth + 1);
    }
  };
  expand(args, 0);
  return expanded;
}

function linesOf(path: string, readFile: (path: string) => string): string[] {
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    throw usage(`@${path} cannot be read: ${reasonOf(error)}`, error);
  }
  if (Buffer.byteLength(text) > SMALL_FILE_BYTES) throw usage(`@${path} cannot be read: ${tooLarge}`);
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'));
}

function usage(reason: string, cause?: unknown): AgentError {
  return new AgentError('USAGE', { reason }, { cause });
}
