// Unpacks the programs of Debian packages that tests use as peers, without installing them in the system.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildOnce } from './build-once.ts';
import { runCommand } from './command.ts';
import { inCi, progress, toolsDir } from './folders.ts';

const peersDir = join(toolsDir, 'peers');

/** A program of a Debian package. */
export interface DebianPeer {
  /** Debian package that has the program. */
  readonly package: string;
  /** Name of the program in the package's `usr/bin`. */
  readonly program: string;
  /** Arguments with which the program prints its version and ends with exit code 0. */
  readonly versionArgs: readonly string[];
}

/** https://packages.debian.org/prometheus: a receiver of remote write 1.0 that evaluates PromQL. */
export const prometheusPackage: DebianPeer = {
  package: 'prometheus',
  program: 'prometheus',
  versionArgs: ['--version'],
};

/** https://packages.debian.org/victoria-metrics: a receiver of remote write that accepts samples in any order. */
export const victoriaMetricsPackage: DebianPeer = {
  package: 'victoria-metrics',
  program: 'victoria-metrics',
  versionArgs: ['-version'],
};

/** https://packages.debian.org/tinyproxy: an HTTP proxy with CONNECT and Basic authentication. */
export const tinyproxyPackage: DebianPeer = {
  package: 'tinyproxy-bin',
  program: 'tinyproxy',
  versionArgs: ['-v'],
};

/**
 * Why the peer is missing, for a test's `skip`; false if it is available, after it was unpacked if necessary. With
 * `CI=true` a missing peer is an error.
 */
export async function whyNoPeer(peer: DebianPeer): Promise<string | false> {
  try {
    await installPeer(peer);
    return false;
  } catch (error) {
    if (inCi) throw error;
    return (error as Error).message;
  }
}

/**
 * The path of the peer's program. The newest package of the machine's Debian suite is unpacked once, so that its
 * scripts do not run and its service does not start. Throws with the reason if there is none.
 */
export async function installPeer(peer: DebianPeer): Promise<string> {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg'))
    throw new Error(`${peer.program} is taken from Debian's package ${peer.package}, and this is no Debian.`);
  // Increase the number when the steps below change, so that existing folders are made again.
  const stamp = `${peer.package} of ${suite()} on ${process.arch} 1`;
  const folder = await buildOnce(join(peersDir, peer.package), stamp, async (temporary) => {
    progress(`Unpacking Debian's ${peer.package} ...`);
    const unpacked = join(temporary, 'unpacked');
    mkdirSync(unpacked);
    await download(peer.package, unpacked);
    const archive = readdirSync(unpacked).find((name) => name.endsWith('.deb'));
    if (archive === undefined) throw new Error(`apt-get download ${peer.package} left no package.`);
    await runCommand('dpkg', ['-x', join(unpacked, archive), unpacked]);
    renameSync(join(unpacked, 'usr', 'bin', peer.program), join(temporary, peer.program));
    rmSync(unpacked, { recursive: true });
    await checkRuns(peer, join(temporary, peer.program));
  });
  return join(folder, peer.program);
}

function suite(): string {
  return /^VERSION_CODENAME=(\S+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'an unnamed suite';
}

/** The lists of packages may be missing or older than the archive: root updates them, at most once a day. */
async function download(name: string, folder: string): Promise<void> {
  const attempt = () => runCommand('apt-get', ['download', name], { cwd: folder, quiet: true });
  let { code, output } = await attempt();
  if (code !== 0 && process.getuid?.() === 0) {
    const today = `${suite()} ${new Date().toISOString().slice(0, 10)}`;
    await buildOnce(join(peersDir, 'apt-lists'), today, async () => {
      await runCommand('apt-get', ['update'], { quiet: true });
    });
    ({ code, output } = await attempt());
  }
  if (code !== 0) throw new Error(`Debian's package ${name} cannot be downloaded: ${lastLine(output)}`);
}

/** A program may need a library that this machine does not have. */
async function checkRuns(peer: DebianPeer, path: string): Promise<void> {
  const { code, output } = await runCommand(path, peer.versionArgs, { quiet: true });
  if (code !== 0)
    throw new Error(
      `${peer.program} of Debian's ${peer.package} does not run here; install the packages that it depends on: ` +
        lastLine(output),
    );
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? '';
}
