// Installs Wine 10 if the machine has none: a Debian trixie chroot in the tools folder.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildOnce, isMade } from './build-once.ts';
import { runCommand } from './command.ts';
import { debianMirror } from './debian-archive.ts';
import { progress, toolsDir } from './folders.ts';
import { inWineRoot } from './wine-root.ts';

/** Why Wine cannot be used on this machine. */
export type NoWineReason =
  | 'not-linux-x64'
  | 'not-root'
  | 'not-debian'
  | 'no-debootstrap'
  | 'no-private-mounts'
  | 'set-up-failed';

/** Wine is missing and could not be installed; the message has the reason and the remedy. */
export class WineUnavailable extends Error {
  readonly reason: NoWineReason;
  constructor(reason: NoWineReason, message: string) {
    super(message);
    this.name = 'WineUnavailable';
    this.reason = reason;
  }
}

/** Where to find Wine: on the machine itself (`root` undefined) or in a chroot. */
export interface WineInstall {
  root: string | undefined;
}

const suite = 'trixie';
const leastVersion = 10;
// Increase the number when the steps below change, so that existing roots are rebuilt.
const stamp = `${suite} 1`;
const aptQuiet = { DEBIAN_FRONTEND: 'noninteractive' };

/** Finds Wine 10 or later, or installs it; throws `WineUnavailable`. */
export async function installWine(): Promise<WineInstall> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new WineUnavailable(
      'not-linux-x64',
      `Wine for 64-bit Windows programs needs Linux on x64, this is ${process.platform} on ${process.arch}.`,
    );
  }
  if (await machineHasWine()) return { root: undefined };
  const root = join(toolsDir, 'wine-root');
  if (process.getuid?.() !== 0) {
    throw new WineUnavailable(
      'not-root',
      'There is no Wine 10 on this machine, and setting it up needs root. Install wine 10 or later yourself.',
    );
  }
  if ((await runCommand('unshare', ['--mount', 'true'], { quiet: true })).code !== 0) {
    throw new WineUnavailable(
      'no-private-mounts',
      'This machine does not allow a mount namespace (unshare --mount), so Wine cannot be entered by chroot.',
    );
  }
  if (!isMade(root, stamp)) {
    await needDebootstrap();
    const mirror = await mirrorOfMachine();
    progress('Installing Wine 10 in a Debian chroot (once, some minutes) ...');
    try {
      await buildOnce(root, stamp, (folder) => makeRoot(folder, mirror));
    } catch (error) {
      throw new WineUnavailable('set-up-failed', `Setting up Wine failed: ${(error as Error).message}`);
    }
    progress('Wine is set up.');
  }
  return { root };
}

async function machineHasWine(): Promise<boolean> {
  const { code, output } = await runCommand('wine', ['--version'], { quiet: true });
  return code === 0 && Number(/wine-(\d+)/.exec(output)?.[1] ?? 0) >= leastVersion;
}

async function needDebootstrap(): Promise<void> {
  if (!existsSync('/usr/bin/apt-get'))
    throw new WineUnavailable('not-debian', 'Wine can only be set up on Debian (there is no apt-get).');
  if ((await runCommand('debootstrap', ['--version'], { quiet: true })).code === 0) return;
  progress('Installing debootstrap ...');
  try {
    await aptInstall(['debootstrap']);
  } catch (error) {
    throw new WineUnavailable(
      'no-debootstrap',
      `debootstrap is not there and could not be installed: ${(error as Error).message}`,
    );
  }
}

/** Installs Debian packages on the machine; needs root. */
export async function aptInstall(packages: readonly string[]): Promise<void> {
  await runCommand('apt-get', ['update'], { env: aptQuiet });
  await runCommand('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env: aptQuiet });
}

async function mirrorOfMachine(): Promise<string> {
  try {
    return await debianMirror();
  } catch (error) {
    throw new WineUnavailable('not-debian', (error as Error).message);
  }
}

async function makeRoot(root: string, mirror: string): Promise<void> {
  progress(`  1/3 Debian ${suite}`);
  await runApart('debootstrap', ['--variant=minbase', suite, root, mirror]);
  // A mirror may need apt settings of the machine, e.g. a proxy or relaxed date checks.
  const { output } = await runCommand('apt-config', ['dump', 'Acquire']);
  writeFileSync(join(root, 'etc/apt/apt.conf.d/99machine'), output);
  for (const name of ['etc/hosts', 'etc/resolv.conf']) {
    writeFileSync(join(root, name), existsSync(`/${name}`) ? readFileSync(`/${name}`) : '');
  }
  progress('  2/3 Wine');
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'wine', 'wine64'], ['clean']]) {
    const { command, args: inside } = inWineRoot(root, ['apt-get', ...args]);
    await runApart(command, inside);
  }
  progress('  3/3 asking for its version');
  const { command, args } = inWineRoot(root, ['wine', '--version']);
  const { output: version } = await runCommand(command, args, { env: { WINEDEBUG: '-all' } });
  progress(`      ${version.trim()}`);
}

/** Runs a step that ends with this process and leaves no mount behind: debootstrap mounts /proc in the new root. */
async function runApart(command: string, args: readonly string[]): Promise<void> {
  const apart = [
    '--pdeathsig',
    'KILL',
    'unshare',
    '--mount',
    '--propagation',
    'private',
    '--pid',
    '--fork',
    '--kill-child',
  ];
  await runCommand('setpriv', [...apart, command, ...args], { env: aptQuiet });
}
