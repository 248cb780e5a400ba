// Unpacks the programs and libraries of Debian packages that tests use as peers, without installing them.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildOnce } from './build-once.ts';
import { runCommand } from './command.ts';
import { downloadPackages, machineSuite } from './debian-archive.ts';
import { inCi, progress, toolsDir } from './folders.ts';

/** A program or a folder of Debian packages. */
export interface DebianPeer {
  /** Debian packages that are unpacked together; the first one has the peer. */
  readonly packages: readonly [string, ...string[]];
  /** Suite of the packages, where the machine's may be without them. */
  readonly suite?: string;
  /** Path of the program or folder in the unpacked packages. */
  readonly path: string;
  /** A command that ends with exit code 0 if the peer at its final path can run here. */
  readonly check: (path: string) => readonly [program: string, ...args: string[]];
}

/** https://packages.debian.org/prometheus: a receiver of remote write 1.0 that evaluates PromQL. */
export const prometheusPackage: DebianPeer = {
  packages: ['prometheus'],
  path: 'usr/bin/prometheus',
  check: (path) => [path, '--version'],
};

/** https://packages.debian.org/victoria-metrics: a receiver of remote write that accepts samples in any order. */
export const victoriaMetricsPackage: DebianPeer = {
  packages: ['victoria-metrics'],
  path: 'usr/bin/victoria-metrics',
  check: (path) => [path, '-version'],
};

/** https://packages.debian.org/tinyproxy: an HTTP proxy with CONNECT and Basic authentication. */
export const tinyproxyPackage: DebianPeer = {
  packages: ['tinyproxy-bin'],
  path: 'usr/bin/tinyproxy',
  check: (path) => [path, '-v'],
};

/** https://packages.debian.org/trixie/python3-opentelemetry-proto: the messages of OTLP, generated for Python. */
export const otlpPackage: DebianPeer = {
  packages: ['python3-opentelemetry-proto', 'python3-protobuf'],
  suite: 'trixie',
  path: 'usr/lib/python3/dist-packages',
  check: (path) => pythonCommand(path, '-c', 'import opentelemetry.proto.collector.logs.v1.logs_service_pb2'),
};

/**
 * A command that runs Debian's Python 3 with the libraries of one folder only. The compiled part of protobuf belongs
 * to the Python of its suite; the part in Python runs everywhere.
 */
export function pythonCommand(libraries: string, ...args: readonly string[]): [program: string, ...args: string[]] {
  const variables = [`PYTHONPATH=${libraries}`, 'PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION=python'];
  return ['env', ...variables, '/usr/bin/python3', '-S', ...args];
}

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
 * The path of the peer's program or folder. The newest packages are unpacked once, so that their scripts do not run
 * and no service starts. Throws with the reason if there is none.
 */
export async function installPeer(peer: DebianPeer): Promise<string> {
  const { packages, suite = machineSuite(), path } = peer;
  const names = packages.join(' and ');
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg'))
    throw new Error(`This is no Debian, which has the packages of this peer: ${names}.`);
  // Increase the number when the steps below change, so that existing folders are made again.
  const stamp = `${names} of ${suite} on ${process.arch} 1`;
  const name = basename(path);
  const folder = await buildOnce(join(toolsDir, 'peers', packages[0]), stamp, async (temporary) => {
    progress(`Unpacking Debian's ${names} ...`);
    const unpacked = join(temporary, 'unpacked');
    mkdirSync(unpacked);
    await downloadPackages(packages, unpacked, peer.suite);
    for (const archive of readdirSync(unpacked).filter((file) => file.endsWith('.deb')))
      await runCommand('dpkg', ['-x', join(unpacked, archive), unpacked]);
    renameSync(join(unpacked, path), join(temporary, name));
    rmSync(unpacked, { recursive: true });
    await checkRuns(names, peer.check(join(temporary, name)));
  });
  return join(folder, name);
}

/** A program may need a library or an interpreter that this machine does not have. */
async function checkRuns(names: string, [program, ...args]: ReturnType<DebianPeer['check']>): Promise<void> {
  const { code, output } = await runCommand(program, args, { quiet: true });
  const reason = output.trim().split('\n').at(-1);
  if (code !== 0)
    throw new Error(`Debian's ${names} cannot run here; install the packages that it depends on: ${reason}`);
}
