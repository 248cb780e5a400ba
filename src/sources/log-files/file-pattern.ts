// Paths of files that match a pattern with `*` and `?` in any part.
import { matcher } from '../../base/wildcard.ts';
import type { FileTarget } from '../logs/contracts.ts';
import type { FileAccess, FileFacts } from './file-access.ts';

/** Folders that one resolution reads at most, so that a pattern such as `C:\*\*\*\*.log` does not block the worker. */
const MAX_FOLDERS = 1000;

export interface MatchedFiles {
  readonly paths: string[];
  /** Whether the limit of folders was reached: files may be missing. */
  readonly isCut: boolean;
}

const hasWildcard = (text: string): boolean => /[*?]/.test(text);

/** Docker reports the path of one file: all of its characters stand for themselves. */
export function isPattern({ format, pattern }: Pick<FileTarget, 'format' | 'pattern'>): boolean {
  return format !== 'docker' && hasWildcard(pattern);
}

/** Errors of single folders are thrown only if the folder is a part before the first wildcard. */
export function matchedFiles(access: FileAccess, pattern: string): MatchedFiles {
  const separator = pattern.includes('\\') ? '\\' : '/';
  const parts = pattern.split(/[\\/]/);
  const paths: string[] = [];
  let folders = 0;
  const visit = (base: string, index: number): void => {
    let path = base;
    let at = index;
    while (at < parts.length && !hasWildcard(parts[at]!)) path += (at === 0 ? '' : separator) + parts[at++];
    if (at === parts.length) {
      paths.push(path);
      return;
    }
    if (++folders > MAX_FOLDERS) return;
    const matches = partMatcher(parts[at]!);
    const isLast = at === parts.length - 1;
    for (const { name, isFolder } of entriesOf(access, path === '' ? separator : path + separator, folders === 1)) {
      if (isFolder === isLast || !matches(name)) continue;
      visit(path + separator + name, at + 1);
    }
  };
  visit('', 0);
  return { paths, isCut: folders > MAX_FOLDERS };
}

function entriesOf(access: FileAccess, folder: string, mayThrow: boolean): ReturnType<FileAccess['list']> {
  try {
    return access.list(folder);
  } catch (error) {
    if (mayThrow) throw error;
    return [];
  }
}

/** Without regard to case, as Windows compares names. Brackets stand for themselves. */
function partMatcher(part: string): (name: string) => boolean {
  return matcher([part.replace(/[`[\]]/g, '`$&')]);
}

/** The files that changed last come first. Leaves out those that are gone, or whose status cannot be read. */
export function newestFirst(access: FileAccess, paths: readonly string[]): (FileFacts & { readonly path: string })[] {
  const found: (FileFacts & { readonly path: string })[] = [];
  for (const path of paths) {
    try {
      const facts = access.facts(path);
      if (facts) found.push({ ...facts, path });
    } catch {
      // A path without a status cannot be compared with the files that are read.
    }
  }
  return found.sort((a, b) => b.modifiedAtMs - a.modifiedAtMs);
}
