// A `node --import` preload that starts a thread in an endless foreign call, for which `process.exit()` waits.
import { resolve } from 'node:path';
import { isMainThread, Worker } from 'node:worker_threads';

const TIMEOUT_MS = 20_000;

// The path from which the program resolves koffi.
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
  // The thread itself runs without this preload.
  new Worker(thread, { eval: true, execArgv: [], workerData: { program, ready } }).unref();
  if (Atomics.wait(ready, 0, 0, TIMEOUT_MS) === 'timed-out')
    throw new Error('the thread that is to hang did not start');
}
