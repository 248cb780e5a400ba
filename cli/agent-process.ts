// Runs an agent as this process: signals, watchdog and forced exit.
import type { Agent, HostHeader } from '../src/agent.ts';
import type { Logger } from '../src/base/log.ts';
import { terminateOnUncaught, terminateProcess } from '../src/base/terminate.ts';
import { startWatchdog } from '../src/base/watchdog.ts';
import { exitProcess } from '../src/exit.ts';
import { terminateIfHanging } from '../src/exit-after-stop.ts';

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const;

/** A signal to a process group arrives once from the sender and once from each parent script that forwards it. */
const SAME_REQUEST_MS = 1000;

/** A debugger stops the main loop on purpose. */
function debugged(): boolean {
  return process.execArgv.some((argument) => argument.startsWith('--inspect'));
}

/**
 * Starts the agent and resolves once it collects; from then on the process runs until a signal or a fault. Throws
 * AgentError.
 */
export async function runAgentProcess(agent: Agent, logger: Logger): Promise<HostHeader> {
  terminateOnUncaught();
  let watchdog: ReturnType<typeof startWatchdog> | undefined;
  let stoppingSince: number | undefined;
  const stop = async (signal: string): Promise<void> => {
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince < SAME_REQUEST_MS) return;
      terminateProcess(`second ${signal}`, { requested: true });
    }
    stoppingSince = performance.now();
    logger.info(`${signal} received, stopping`);
    terminateIfHanging(await agent.stop(), 'a worker did not end in time', (text) => logger.warn(text));
    // The watchdog stays active until here, because stopping can hang too.
    watchdog?.stop();
    logger.info('stopped');
    exitProcess(0);
  };
  // Before the watchdog worker starts, which takes long on a busy machine.
  for (const signal of stopSignals) process.on(signal, () => void stop(signal));
  if (!debugged()) watchdog = startWatchdog();
  try {
    return await agent.start();
  } catch (error) {
    watchdog?.stop();
    terminateIfHanging(await agent.stop(), 'the start failed and a worker did not end in time', (text) =>
      logger.warn(text),
    );
    throw error;
  }
}
