// Forced exit: works while a thread hangs in a foreign call, and otherwise behaves like `process.exit()`.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { until } from './helpers/poll.ts';

const blockedThread = join(import.meta.dirname, 'helpers/blocked-thread.mjs');
const limit = { timeout: 60_000 };

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the text of a module that can call `exitProcess` and `exitAfterOutput`. Stdout is read once `ended` is read. */
function start(
  text: string,
  nodeArgs: readonly string[] = [],
): { child: ChildProcess; ended: Promise<Ended>; stderr(): string } {
  const program = `import { exitAfterOutput, exitProcess } from './src/exit.ts';\n${text}`;
  const args = [...nodeArgs, '--input-type=module', '-e', program];
  // A process that hangs is killed, and its code is null.
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 20_000,
    killSignal: 'SIGKILL',
  });
  const printed = { stdout: '', stderr: '' };
  // Standard output is not read before the caller reads `ended`, so the reader is slow.
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

/** Two exit listeners; the first one exits the process itself. */
const listeners = `
  import { writeSync } from 'node:fs';
  process.on('exit', (code) => {
    writeSync(1, \`first \${code} \${process.exitCode}\\n\`);
    exitProcess(code);
  });
  process.on('exit', () => writeSync(1, 'never: the first ended the process\\n'));
`;

test('exits with the code while a thread hangs in a foreign call', limit, async () => {
  const program =
    "import { writeSync } from 'node:fs'; process.on('exit', (code) => writeSync(1, `${code} ${process.exitCode};`));";
  assert.deepEqual(await run(`${program} exitProcess(42);`, ['--import', blockedThread]), {
    code: 42,
    stdout: '42 42;',
    stderr: '',
  });
});

test('runs each listener once if a listener exits the process itself', limit, async () => {
  const { code, stdout } = await run(`${listeners} exitProcess(42);`, ['--import', blockedThread]);
  assert.deepEqual({ code, stdout }, { code: 42, stdout: 'first 42 42\n' });
});

test('a listener can force the exit of a process that ends by itself', limit, async () => {
  const { code, stdout } = await run(`${listeners} process.exitCode = 3;`);
  assert.deepEqual({ code, stdout }, { code: 3, stdout: 'first 3 3\n' });
});

test('exitAfterOutput waits until a slow reader has read all output', limit, async () => {
  const program = start(
    "process.stdout.write('x'.repeat(1 << 20)); process.stderr.write(`${process.stdout.writableLength > 0}`); " +
      'await exitAfterOutput(42);',
    ['--import', blockedThread],
  );
  await until('output on stderr', 20_000, () => (program.stderr() ? true : undefined));
  // The output is larger than any pipe buffer.
  assert.equal(program.stderr(), 'true');
  const { code, stdout } = await program.ended;
  assert.deepEqual({ code, bytes: stdout.length }, { code: 42, bytes: 1 << 20 });
});

test('exitAfterOutput does not wait for a reader that has closed the pipe', limit, async () => {
  const program = start(
    "process.stdout.on('error', () => {}); process.stdout.write('x'.repeat(1 << 20)); process.stderr.write('-'); " +
      'await exitAfterOutput(42);',
  );
  await until('output on stderr', 20_000, () => (program.stderr() ? true : undefined));
  program.child.stdout!.destroy();
  assert.equal((await program.ended).code, 42);
});

test('has the same code and listeners if the system function cannot be loaded', limit, async () => {
  const withoutLibraries = "import koffi from 'koffi'; koffi.load = () => { throw new Error('no such library'); };";
  const ended = await run(`${withoutLibraries} process.on('exit', (code) => console.log(code)); exitProcess(42);`);
  assert.deepEqual(ended, { code: 42, stdout: '42\n', stderr: '' });
});

test('leaves a shared pipe in blocking mode', { ...limit, skip: process.platform !== 'linux' }, async () => {
  const program = "import { exitProcess } from './src/exit.ts'; process.stdout.write('said '); exitProcess(0);";
  const script = '{ "$0" --input-type=module -e "$1"; cat /proc/self/fdinfo/1; } | cat';
  const child = spawn('sh', ['-c', script, process.execPath, program], { stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  child.stdout.on('data', (bytes: Buffer) => {
    stdout += bytes;
  });
  await new Promise((resolve) => child.on('close', resolve));
  const [, flags] = /^said [\s\S]*flags:\s*([0-7]+)/.exec(stdout)!;
  // O_NONBLOCK on Linux.
  assert.equal(Number.parseInt(flags!, 8) & 0o4000, 0);
});
