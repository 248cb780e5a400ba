// Downloads Debian packages of the machine's suite or of another one, without installing them.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildOnce } from './build-once.ts';
import { runCommand } from './command.ts';
import { toolsDir } from './folders.ts';

/** Of Debian's package debian-archive-keyring, which every Debian has. */
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Code name of the machine's Debian, e.g. `bookworm`. */
export function machineSuite(): string {
  return /^VERSION_CODENAME=(\S+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'an unnamed suite';
}

/** The archive that the machine's own main packages come from, whatever form its sources have. */
export async function debianMirror(): Promise<string> {
  const format = '$(RELEASE) $(COMPONENT) $(REPO_URI)';
  const filter = ['--no-release-info', '--format', format, 'Created-By: Packages'];
  const { output } = await runCommand('apt-get', ['indextargets', ...filter]);
  const suites = [machineSuite(), 'stable', 'testing', 'unstable', 'sid'];
  for (const line of output.split('\n')) {
    const [suite = '', component, mirror] = line.split(' ');
    if (mirror && component === 'main' && suites.includes(suite)) return mirror;
  }
  throw new Error('Found no Debian archive in the apt sources of this machine.');
}

/** Downloads the newest packages of a suite, by default that of the machine, into a folder. Throws with the reason. */
export async function downloadPackages(packages: readonly string[], folder: string, suite?: string): Promise<void> {
  const { code, output } = await (suite ? ofSuite(suite, packages, folder) : ofMachine(packages, folder));
  if (code !== 0)
    throw new Error(`Debian's ${packages.join(' and ')} cannot be downloaded: ${output.trim().split('\n').at(-1)}`);
}

/** The lists of packages may be missing or older than the archive: root updates them, at most once a day. */
async function ofMachine(packages: readonly string[], folder: string) {
  const attempt = () => runCommand('apt-get', ['download', ...packages], { cwd: folder, quiet: true });
  const first = await attempt();
  if (first.code === 0 || process.getuid?.() !== 0) return first;
  const today = `${machineSuite()} ${new Date().toISOString().slice(0, 10)}`;
  await buildOnce(join(toolsDir, 'peers', 'apt-lists'), today, async () => {
    await runCommand('apt-get', ['update'], { quiet: true });
  });
  return attempt();
}

/** With own sources and lists, so that the machine's stay as they are; needs no root. */
async function ofSuite(suite: string, packages: readonly string[], folder: string) {
  const apt = join(folder, 'apt');
  const lists = join(apt, 'lists');
  const cache = join(apt, 'cache');
  for (const path of [lists, cache]) mkdirSync(path, { recursive: true });
  const sources = join(apt, 'debian.list');
  writeFileSync(sources, `deb [signed-by=${keyring}] ${await debianMirror()} ${suite} main\n`);
  const options = [
    `Dir::Etc::sourcelist=${sources}`,
    'Dir::Etc::sourceparts=-',
    `Dir::State::lists=${lists}`,
    `Dir::Cache=${cache}`,
    'Acquire::Languages=none',
  ].flatMap((option) => ['-o', option]);
  const updated = await runCommand('apt-get', [...options, 'update'], { quiet: true });
  if (updated.code !== 0) return updated;
  const result = await runCommand('apt-get', [...options, 'download', ...packages], { cwd: folder, quiet: true });
  rmSync(apt, { recursive: true });
  return result;
}
