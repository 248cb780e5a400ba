// A `node --import` preload that makes a thread fail when a file appears: COROOT_TEST_FAULT is THREAD:KIND:FILE,
// THREAD main or the name of a worker, KIND throw or hang.
import { existsSync } from 'node:fs';
import { isMainThread, threadName } from 'node:worker_threads';

const [thread, kind, ...path] = (process.env.COROOT_TEST_FAULT ?? '').split(':');
const file = path.join(':');
const here = isMainThread ? 'main' : threadName;

function fail() {
  if (kind === 'throw') throw new Error('fault of the test');
  for (;;);
}

if (thread === here && here === 'watchdog') {
  // The code of this worker never returns to the event loop, so the fault must come before it.
  while (!existsSync(file)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  fail();
} else if (thread === here) {
  const timer = setInterval(() => {
    if (!existsSync(file)) return;
    clearInterval(timer);
    fail();
  }, 50);
}
