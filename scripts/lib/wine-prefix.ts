// Fresh Wine prefixes: a template is booted once, then copied, its unchanging system files as hard links.
import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { extname, join } from 'node:path';
import { buildOnce, isAlive } from './build-once.ts';
import { runCommand } from './command.ts';
import { progress, toolsDir } from './folders.ts';
import type { WineInstall } from './wine-install.ts';
import { endProcesses, instanceMark, killProcesses } from './wine-processes.ts';
import { inWineRoot, toInnerPath } from './wine-root.ts';

const base = join(toolsDir, 'wine');
const instances = join(base, 'instances');
// Wine writes in place to a registry file with several links, so only files that are never written are linked.
const linkable = new Set(['.dll', '.exe', '.sys', '.drv', '.nls', '.ocx', '.acm', '.cpl', '.ttf']);
// Where Debian's Wine keeps the name of the folder with the server's socket, which belongs to one run of one prefix.
const serverFile = 'wineserver';

/** Names the variables that every Wine process of an instance gets, for a program at home in the chroot. */
export function wineEnvironment(install: WineInstall, prefix: string, id: string): Record<string, string> {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: install.root === undefined ? (process.env.HOME ?? '/') : '/root',
    LANG: 'C.UTF-8',
    WINEPREFIX: toInnerPath(install.root, prefix),
    WINEDEBUG: '-all',
    DISPLAY: '',
    XDG_RUNTIME_DIR: '/tmp',
    [instanceMark]: id,
  };
}

/** How to start a program of the Wine installation: directly or in its chroot. */
export function wineCommand(install: WineInstall, argv: readonly string[]): { command: string; args: string[] } {
  if (install.root !== undefined) return inWineRoot(install.root, argv);
  return { command: argv[0] ?? '', args: argv.slice(1) };
}

/** The folder of a new instance, or of the instance that is kept under `name`. */
export function instanceFolder(runId: string, name: string | undefined): string {
  return name === undefined ? join(instances, runId) : join(base, 'kept', name);
}

/** Makes a `prefix` in the folder of an instance; a kept one is made once, also when two runs start at a time. */
export async function createPrefix(install: WineInstall, folder: string, runId: string): Promise<void> {
  sweep();
  const template = await bootTemplate(install);
  const prefix = join(folder, 'prefix');
  if (existsSync(prefix)) return;
  const fresh = join(folder, `prefix.${runId}`);
  copyTree(join(template, 'prefix'), fresh);
  try {
    renameSync(fresh, prefix);
  } catch (error) {
    if (!existsSync(prefix)) throw error;
    rmSync(fresh, { recursive: true, force: true });
  }
  if (folder.startsWith(instances)) writeFileSync(join(folder, 'owner'), String(process.pid));
}

async function bootTemplate(install: WineInstall): Promise<string> {
  const version = wineCommand(install, ['wine', '--version']);
  const { output } = await runCommand(version.command, version.args, { env: { WINEDEBUG: '-all' } });
  return await buildOnce(join(base, 'template'), output.trim(), async (folder) => {
    progress('Booting a first Wine prefix (once) ...');
    // An interrupted boot may have left its programs running.
    const id = `template of ${base}`;
    await endProcesses(id, 0);
    // Without these two Wine asks for Mono and Gecko.
    const env = { ...wineEnvironment(install, join(folder, 'prefix'), id), WINEDLLOVERRIDES: 'mscoree=;mshtml=' };
    for (const argv of [
      ['wine', 'wineboot', '-i'],
      ['wineserver', '-w'],
    ]) {
      const { command, args } = wineCommand(install, argv);
      await runCommand(command, args, { env });
    }
    removeServerFolder(join(folder, 'prefix'));
  });
}

/** Removes the folder in /tmp that Debian's wineserver made for a prefix and leaves behind. */
export function removeServerFolder(prefix: string): void {
  const file = join(prefix, serverFile);
  if (!existsSync(file)) return;
  const name = readFileSync(file, 'utf8').trim();
  if (/^wine-\w+$/.test(name)) rmSync(join('/tmp', name), { recursive: true, force: true });
  rmSync(file, { force: true });
}

function copyTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else if (entry.isDirectory()) copyTree(source, target);
    else if (linkable.has(extname(entry.name).toLowerCase())) linkSync(source, target);
    else copyFileSync(source, target);
  }
}

/** Ends processes and removes folders that killed runs left behind. */
function sweep(): void {
  if (!existsSync(instances)) return;
  for (const id of readdirSync(instances)) {
    const folder = join(instances, id);
    const owner = join(folder, 'owner');
    // A folder without an owner is being created, unless it is old.
    if (
      existsSync(owner)
        ? isAlive(Number(readFileSync(owner, 'utf8')))
        : Date.now() - lstatSync(folder).mtimeMs < 600_000
    )
      continue;
    killProcesses(id, 'SIGKILL');
    removeServerFolder(join(folder, 'prefix'));
    rmSync(folder, { recursive: true, force: true });
  }
}
