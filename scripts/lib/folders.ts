// Where the project and the tools that it fetches for itself lie.
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Base folder of everything that scripts fetch or build once; `COROOT_TOOLS_DIR` moves it, so that several checkouts may share one. */
export const toolsDir = process.env.COROOT_TOOLS_DIR
  ? resolve(process.env.COROOT_TOOLS_DIR)
  : join(projectRoot, '.tools');

/** True where nothing may be skipped for want of a peer. */
export const inCi = process.env.CI === 'true';

/** Writes one progress line where people see it and pipes do not. */
export function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}
