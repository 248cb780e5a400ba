// Runs an agent as this process: signals, watchdog, and an end that is certain.
import type { Agent, HostHeader } from '../src/agent.ts';
import type { Logger } from '../src/base/log.ts';
import { terminateOnUncaught, terminateProcess } from '../src/base/terminate.ts';
import { startWatchdog } from '../src/base/watchdog.ts';
import { exitProcess } from '../src/exit.ts';

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const;

/** A signal to a whole group comes here once from the sender and once from each script in between that hands it on. */
const SAME_REQUEST_MS = 1000;

/** A debugger stops the main loop on purpose. */
function debugged(): boolean {
  return process.execArgv.some((argument) => argument.startsWith('--inspect'));
}

/** Starts the agent and resolves once it collects; from then on the process ends by a signal, or dies. Throws AgentError. */
export async function runAgentProcess(agent: Agent, logger: Logger): Promise<HostHeader> {
  terminateOnUncaught();
  let watchdog: ReturnType<typeof startWatchdog> | undefined;
  let stoppingSince: number | undefined;
  const stop = async (signal: string): Promise<void> => {
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince < SAME_REQUEST_MS) return;
      terminateProcess(`${signal} came a second time`, { requested: true });
    }
    stoppingSince = performance.now();
    logger.info(`${signal} received, stopping`);
    const ended = await agent.stop();
    if (!ended) terminateProcess('a worker did not end in time, a system call hangs');
    // The watchdog guards this far: a hang while stopping is a hang.
    watchdog?.stop();
    logger.info('stopped');
    exitProcess(0);
  };
  // Before the worker of the watchdog, which takes a busy machine a while.
  for (const signal of stopSignals) process.on(signal, () => void stop(signal));
  if (!debugged()) watchdog = startWatchdog();
  try {
    return await agent.start();
  } catch (error) {
    watchdog?.stop();
    if (!(await agent.stop())) terminateProcess('start failed and a worker did not end in time');
    throw error;
  }
}
