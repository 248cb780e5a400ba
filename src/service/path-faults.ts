// Checks a file by its path: the file itself, and every folder above it that could be exchanged.
import { win32 } from 'node:path';
import { ADMINISTRATIVE, type Fault, faultsOf } from './folder-faults.ts';
import type { SecureFiles } from './secure-files.ts';

/** SIDs that may change what the service runs or reads, besides `others`. */
export function trustedAccounts(...others: readonly (string | undefined)[]): ReadonlySet<string> {
  return new Set([...ADMINISTRATIVE, ...others.filter((sid) => sid !== undefined)]);
}

/** Folders above an absolute path, from its parent to the root of its drive. */
export function ancestorsOf(path: string): string[] {
  const parent = win32.dirname(path);
  return parent === path ? [] : [parent, ...ancestorsOf(parent)];
}

/** Whether others could exchange one of these folders, or what is in it; each is checked once. */
export function ancestorFaults(folders: readonly string[], trusted: ReadonlySet<string>, files: SecureFiles): Fault[] {
  return [...new Set(folders)].flatMap(
    (folder) => faultsOf(folder, { mayChange: trusted, isAncestor: true }, files)?.faults ?? [],
  );
}
