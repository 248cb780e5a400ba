// Folders of the project and of the tools that its scripts install.
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Folder of everything that scripts install or build once; `COROOT_TOOLS_DIR` moves it, so that checkouts can share it.
 */
export const toolsDir = process.env.COROOT_TOOLS_DIR
  ? resolve(process.env.COROOT_TOOLS_DIR)
  : join(projectRoot, '.tools');

/** The pinned npm, which the bootstrap script installs; it ignores COROOT_TOOLS_DIR. */
export const npmCli = join(projectRoot, '.tools', 'toolchain', 'node_modules', 'npm', 'bin', 'npm-cli.js');

/** In CI no test may be skipped because a peer is missing. */
export const inCi = process.env.CI === 'true';

/** Writes one progress line to standard error. */
export function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}
