// `@FILE` on a command line: its lines stand for arguments.
import { AgentError, reasonOf } from './errors.ts';

const MAX_DEPTH = 10;
const MAX_BYTES = 1024 * 1024;

/** Replaces each `@FILE` by the lines of that file, one argument a line; throws USAGE when one cannot be read. */
export function expandArgFiles(args: readonly string[], readFile: (path: string) => string, depth = 0): string[] {
  return args.flatMap((arg) => {
    if (!arg.startsWith('@') || arg === '@') return [arg];
    if (depth >= MAX_DEPTH) throw new AgentError('USAGE', { reason: `${arg}: argument files are nested more than ${MAX_DEPTH} deep` });
    const lines = read(arg.slice(1), readFile)
      .split(/\r?\n/)
      .filter((line) => line !== '');
    return expandArgFiles(lines, readFile, depth + 1);
  });
}

function read(path: string, readFile: (path: string) => string): string {
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    throw new AgentError('USAGE', { reason: `@${path} cannot be read: ${reasonOf(error)}` }, { cause: error });
  }
  if (text.length > MAX_BYTES) throw new AgentError('USAGE', { reason: `@${path} is larger than ${MAX_BYTES} bytes` });
  return text;
}
