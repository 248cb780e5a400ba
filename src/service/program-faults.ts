// Checks every file that the service loads: an account that can change one of them has the rights of the service.
import { win32 } from 'node:path';
import { reasonOf } from '../base/errors.ts';
import { type Fault, faultsOf } from './folder-faults.ts';
import { ancestorFaults, ancestorsOf, trustedAccounts } from './path-faults.ts';
import { type SecureFiles, windowsFiles } from './secure-files.ts';

export interface Program {
  /** node.exe. */
  readonly node: string;
  /** The script that it runs; everything in its folder belongs to the program. */
  readonly entry: string;
  /** Packages below node_modules that the script loads; all of them, if it is undefined. */
  readonly packages: readonly string[] | undefined;
}

/** Beyond this many faults the rest is not checked. */
const MAX_FAULTS = 20;

/** What other accounts than administrators can change of the program; empty for nothing. */
export function programFaults({ node, entry, packages }: Program, files: SecureFiles = windowsFiles): Fault[] {
  const check = new ProgramCheck(files);
  // DLLs are loaded from the folder of the program first: other accounts may not put one there.
  const nodeFolder = win32.dirname(node);
  check.file(nodeFolder);
  check.file(node);
  for (const path of check.entries(nodeFolder)) if (/\.dll$/i.test(path)) check.file(path);
  const folder = win32.dirname(entry);
  check.tree(folder);
  // Node reads the nearest package.json above a script, and loads a package from the nearest node_modules that has it.
  // A folder in between must not get one.
  for (const ancestor of ancestorsOf(entry)) {
    const modules = win32.join(ancestor, 'node_modules');
    check.file(ancestor);
    check.file(win32.join(ancestor, 'package.json'));
    if (!check.file(modules)) continue;
    if (packages) for (const name of packages) check.tree(win32.join(modules, name));
    else check.tree(modules);
    break;
  }
  const ancestors = [...check.checked.keys()].flatMap(ancestorsOf).filter((path) => !check.checked.has(path));
  return [...check.faults, ...ancestorFaults(ancestors, trusted, files)].slice(0, MAX_FAULTS);
}

const trusted = trustedAccounts();

class ProgramCheck {
  /** Paths that exist, and whether each is a folder that can be entered. */
  readonly checked = new Map<string, boolean>();
  readonly faults: Fault[] = [];
  readonly #trees = new Set<string>();
  readonly #files: SecureFiles;

  constructor(files: SecureFiles) {
    this.#files = files;
  }

  /** Checks one file or folder, once; whether it is a folder that can be entered. */
  file(path: string): boolean {
    const before = this.checked.get(path);
    if (before !== undefined) return before;
    const entry = faultsOf(path, { mayChange: trusted }, this.#files);
    if (!entry) return false;
    const canEnter = entry.found?.isFolder === true && !entry.found.reparsePoint;
    this.checked.set(path, canEnter);
    this.faults.push(...entry.faults);
    return canEnter;
  }

  /** Checks a folder and everything in it. */
  tree(path: string): void {
    if (this.faults.length >= MAX_FAULTS || this.#trees.has(path) || !this.file(path)) return;
    this.#trees.add(path);
    for (const each of this.entries(path)) this.tree(each);
  }

  entries(folder: string): string[] {
    try {
      return this.#files.list(folder).map((name) => win32.join(folder, name));
    } catch (error) {
      const reason = `it cannot be listed: ${reasonOf(error)}`;
      this.faults.push({ path: folder, isFolder: true, kind: 'change', sid: '', reason });
      return [];
    }
  }
}
