// A `node --import` preload that puts a thread into a foreign call which never returns: `process.exit()` waits for it.
import { resolve } from 'node:path';
import { isMainThread, Worker } from 'node:worker_threads';

const PATIENCE_MS = 20_000;

// koffi as the program finds it.
const program = process.argv[1] ?? resolve('program.js');

const thread = `
  const { program, ready } = require('node:worker_threads').workerData;
  const koffi = require('node:module').createRequire(program)('koffi');
  const wait =
    process.platform === 'win32'
      ? koffi.load('kernel32.dll').func('void __stdcall Sleep(uint32_t dwMilliseconds)').bind(null, 0xffffffff)
      : koffi.load(null).func('int pause(void)');
  Atomics.store(ready, 0, 1);
  Atomics.notify(ready, 0);
  for (;;) wait();
`;

if (isMainThread) {
  const ready = new Int32Array(new SharedArrayBuffer(4));
  // Threads of the program come without this preload: one is enough.
  new Worker(thread, { eval: true, execArgv: [], workerData: { program, ready } }).unref();
  if (Atomics.wait(ready, 0, 0, PATIENCE_MS) === 'timed-out')
    throw new Error('the thread that is to hang did not start');
}
