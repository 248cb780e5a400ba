// The setting log-files: text files to follow, each with its service or the node.

export interface LogFilesChoice {
  /** Key name of the service; undefined for the node. */
  readonly service: string | undefined;
  /** Full path, or a pattern with `*` and `?` in any part. */
  readonly pattern: string;
}

const NODE = 'node';
/** A drive, a share, or a path of other systems. */
const FULL_PATH = /^(?:[a-z]:[\\/]|\\\\[^\\/]+[\\/]|\/)[^<>"|]*[^<>"|\\/]$/i;

/** Undefined for a text with an entry that is not `SERVICE=PATH`, and for one that names a path twice. */
export function parseLogFiles(text: string): readonly LogFilesChoice[] | undefined {
  const entries = text.split(';').map((entry) => entry.trim());
  // Nothing, or a separator at the end.
  if (entries.at(-1) === '') entries.pop();
  const choices = entries.map((entry) => {
    const at = entry.indexOf('=');
    const name = entry.slice(0, Math.max(0, at)).trim();
    return { name, pattern: entry.slice(at + 1).trim() };
  });
  const patterns = new Set(choices.map(({ pattern }) => pattern.toLowerCase()));
  const isValid = choices.every(({ name, pattern }) => isServiceName(name) && FULL_PATH.test(pattern));
  if (!isValid || patterns.size < choices.length) return undefined;
  return choices.map(({ name, pattern }) => ({
    service: name.toLowerCase() === NODE ? undefined : name,
    pattern,
  }));
}

/** https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-createservicew */
function isServiceName(name: string): boolean {
  return name !== '' && name.length <= 256 && !/[/\\]/.test(name);
}

/** `system`, or an encoding that `TextDecoder` has. */
export function parseEncoding(label: string): string | undefined {
  if (label.toLowerCase() === 'system') return 'system';
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}
