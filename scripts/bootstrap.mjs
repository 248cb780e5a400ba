// Runs a script of this project on the pinned Node, after installing that Node, npm and the packages; needs Node 18 or
// later.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const toolchain = join(root, 'scripts', 'toolchain');
const tools = join(root, '.tools', 'toolchain');
const windows = process.platform === 'win32';
const node = join(
  tools,
  'node_modules',
  `node-${windows ? 'win' : 'linux'}-${process.arch}`,
  'bin',
  windows ? 'node.exe' : 'node',
);
const npm = join(tools, 'node_modules', 'npm', 'bin', 'npm-cli.js');

const args = process.argv.slice(2);
const quiet = args[0] === '--quiet';
if (quiet) args.shift();

function say(text) {
  if (!quiet) process.stderr.write(`${text}\n`);
}

function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

/** True when the lock file that `folder` was installed from is the one in the tree. */
function upToDate(lock, stamp) {
  if (!existsSync(stamp)) return false;
  return readFileSync(stamp, 'utf8') === digest(lock);
}

function digest(lock) {
  return createHash('sha256').update(readFileSync(lock)).digest('hex');
}

function run(command, commandArgs, cwd, shell = false) {
  const done = spawnSync(command, commandArgs, { cwd, shell, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
  if (done.status === 0) return;
  fail(
    `${command} ${commandArgs.join(' ')} failed (${done.error?.message ?? `exit code ${done.status}`}):\n` +
      `${done.stdout ?? ''}${done.stderr ?? ''}`,
  );
}

/** A machine's own NODE_ENV=production or omit setting must not leave out what the scripts need. */
const install = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--include=dev', '--include=optional'];

function ensureToolchain() {
  const lock = join(toolchain, 'package-lock.json');
  const stamp = join(tools, '.installed');
  if (upToDate(lock, stamp) && existsSync(node)) return;
  say('Getting the pinned Node and npm (once) ...');
  rmSync(tools, { recursive: true, force: true });
  mkdirSync(tools, { recursive: true });
  for (const name of ['package.json', 'package-lock.json', '.npmrc'])
    copyFileSync(join(toolchain, name), join(tools, name));
  // npm is a .cmd file on Windows, which only a shell starts.
  run('npm', install, tools, windows);
  if (!existsSync(node)) fail(`There is no pinned Node for ${process.platform} ${process.arch}.`);
  writeFileSync(stamp, digest(lock));
}

function ensurePackages() {
  const lock = join(root, 'package-lock.json');
  const stamp = join(root, 'node_modules', '.installed');
  if (upToDate(lock, stamp)) return;
  say('Installing the locked packages ...');
  run(node, [npm, ...install], root);
  writeFileSync(stamp, digest(lock));
}

ensureToolchain();
ensurePackages();
if (args.length === 0) process.exit(0);

const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...args], { cwd: root, stdio: 'inherit' });
// The terminal sends Ctrl-C to the whole group; this process only waits for its child to end in order.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
