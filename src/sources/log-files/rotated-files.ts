// Where the earlier files of a path are after rotation.
import type { FileAccess } from './file-access.ts';

/** Most files of a folder that are compared by id. */
const MAX_COMPARED = 2000;
/** A larger number at the end of a name is a date. */
const MAX_NUMBER = 999;

export interface RotatedFile {
  readonly path: string;
  readonly id: string;
}

/**
 * The file with the id, which was at the path, and those that were there after it and before the present one: of
 * `app.log.3`, which has the id, also `app.log.2` and `app.log.1`. With other names only the file itself is found.
 * Empty if it is not in the folder any more.
 */
export function rotatedFiles(access: FileAccess, path: string, id: string): RotatedFile[] {
  const [, folder = '', name = path] = /^(.*[\\/])([^\\/]*)$/s.exec(path) ?? [];
  const siblings = access
    .list(folder === '' ? '.' : folder)
    .filter((entry) => !entry.isFolder && entry.name.toLowerCase() !== name.toLowerCase())
    .map((entry) => entry.name)
    // Names that begin like the path come first.
    .sort((a, b) => Number(b.startsWith(name)) - Number(a.startsWith(name)))
    .slice(0, MAX_COMPARED);
  for (const sibling of siblings) {
    if (idOf(access, folder + sibling) !== id) continue;
    const number = sibling.startsWith(`${name}.`) ? Number(sibling.slice(name.length + 1)) : Number.NaN;
    const found: RotatedFile[] = [{ path: folder + sibling, id }];
    for (let each = number <= MAX_NUMBER ? number - 1 : 0; each >= 1; each--) {
      const between = `${path}.${each}`;
      const betweenId = idOf(access, between);
      if (betweenId !== undefined) found.push({ path: between, id: betweenId });
    }
    return found;
  }
  return [];
}

/** Undefined for a file that is gone or cannot be read. */
function idOf(access: FileAccess, path: string): string | undefined {
  try {
    return access.facts(path)?.id;
  } catch {
    return undefined;
  }
}
