// The end of the process: certain while a thread hangs in a foreign call, and otherwise like `process.exit()`.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { until } from './helpers/poll.ts';

const blockedThread = join(import.meta.dirname, 'helpers/blocked-thread.mjs');
const patience = { timeout: 60_000 };

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a module's text with `exitProcess` and `exitAfterOutput` in it; the answer has what it printed so far. */
function start(
  text: string,
  nodeArgs: readonly string[] = [],
): { child: ChildProcess; ended: Promise<Ended>; stderr(): string } {
  const program = `import { exitAfterOutput, exitProcess } from './src/exit.ts';\n${text}`;
  const args = [...nodeArgs, '--input-type=module', '-e', program];
  // One that hangs is killed, and its code is null.
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 20_000,
    killSignal: 'SIGKILL',
  });
  const printed = { stdout: '', stderr: '' };
  // Standard output is not read before the program says so: its reader is slow.
  child.stderr.on('data', (bytes: Buffer) => {
    printed.stderr += bytes;
  });
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, ...printed })));
  return {
    child,
    stderr: () => printed.stderr,
    get ended() {
      child.stdout.on('data', (bytes: Buffer) => {
        printed.stdout += bytes;
      });
      return ended;
    },
  };
}

const run = (text: string, nodeArgs?: readonly string[]): Promise<Ended> => start(text, nodeArgs).ended;

/** Two listeners, of which the first ends the process itself. */
const listeners = `
  import { writeSync } from 'node:fs';
  process.on('exit', (code) => {
    writeSync(1, \`first \${code} \${process.exitCode}\\n\`);
    exitProcess(code);
  });
  process.on('exit', () => writeSync(1, 'never: the first ended the process\\n'));
`;

test('a thread that hangs in a foreign call does not keep the process', patience, async () => {
  const program =
    "import { writeSync } from 'node:fs'; process.on('exit', (code) => writeSync(1, `${code} ${process.exitCode};`));";
  assert.deepEqual(await run(`${program} exitProcess(42);`, ['--import', blockedThread]), {
    code: 42,
    stdout: '42 42;',
    stderr: '',
  });
});

test('nor one that says goodbye in its turn, and listeners run once', patience, async () => {
  const { code, stdout } = await run(`${listeners} exitProcess(42);`, ['--import', blockedThread]);
  assert.deepEqual({ code, stdout }, { code: 42, stdout: 'first 42 42\n' });
});

test('a natural end may turn into one as well', patience, async () => {
  const { code, stdout } = await run(`${listeners} process.exitCode = 3;`);
  assert.deepEqual({ code, stdout }, { code: 3, stdout: 'first 3 3\n' });
});

test('what was printed is taken by a slow reader before the end', patience, async () => {
  const program = start(
    "process.stdout.write('x'.repeat(1 << 20)); process.stderr.write(`${process.stdout.writableLength > 0}`); await exitAfterOutput(42);",
    ['--import', blockedThread],
  );
  await until('the words', 20_000, () => (program.stderr() ? true : undefined));
  // More than any pipe holds.
  assert.equal(program.stderr(), 'true');
  const { code, stdout } = await program.ended;
  assert.deepEqual({ code, bytes: stdout.length }, { code: 42, bytes: 1 << 20 });
});

test('nor does it wait for a reader that has left', patience, async () => {
  const program = start(
    "process.stdout.on('error', () => {}); process.stdout.write('x'.repeat(1 << 20)); process.stderr.write('-'); await exitAfterOutput(42);",
  );
  await until('the words', 20_000, () => (program.stderr() ? true : undefined));
  program.child.stdout!.destroy();
  assert.equal((await program.ended).code, 42);
});

test('where the function of the system cannot be had, code and listeners are the same', patience, async () => {
  const withoutLibraries = "import koffi from 'koffi'; koffi.load = () => { throw new Error('no such library'); };";
  const ended = await run(`${withoutLibraries} process.on('exit', (code) => console.log(code)); exitProcess(42);`);
  assert.deepEqual(ended, { code: 42, stdout: '42\n', stderr: '' });
});

test('a pipe that others share can block again', { ...patience, skip: process.platform !== 'linux' }, async () => {
  const program = "import { exitProcess } from './src/exit.ts'; process.stdout.write('said '); exitProcess(0);";
  const script = '{ "$0" --input-type=module -e "$1"; cat /proc/self/fdinfo/1; } | cat';
  const child = spawn('sh', ['-c', script, process.execPath, program], { stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  child.stdout.on('data', (bytes: Buffer) => {
    stdout += bytes;
  });
  await new Promise((resolve) => child.on('close', resolve));
  const [, flags] = /^said [\s\S]*flags:\s*([0-7]+)/.exec(stdout)!;
  // O_NONBLOCK of Linux.
  assert.equal(Number.parseInt(flags!, 8) & 0o4000, 0);
});
