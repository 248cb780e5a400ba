// CPU time of the Windows build under Wine, with the demo services of the tests running.
import { readFileSync } from 'node:fs';
import { openWine } from '../../scripts/lib/wine.ts';
import { startWineAgent } from '../helpers/wine-agent.ts';
import { createMesh } from '../windows/mesh/mesh.ts';

export interface WineCost {
  /** Services that the SCM lists. */
  readonly services: number;
  /** CPU milliseconds of the agent's process between two passes, all threads. */
  readonly passMs: number;
}

const INTERVAL_S = 5;
/**
 * An agent runs for months. In the first 15 passes the threads of V8 that compile the hot functions take 20 ms of CPU
 * per pass or more, and 4 ms after that.
 */
const WARM_UP_PASSES = 24;
/** One cycle of the configurations of services, which are read in turn. */
const PASSES = 48;

/** Kernel and user time of a process; fields 14 and 15 are in ticks of 10 ms (proc_pid_stat(5)). */
function cpuMs(pid: number): number {
  const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const fields = rest.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Takes some minutes; Wine and the compiler must be there. */
export async function measureWineCost(passes = PASSES): Promise<WineCost> {
  await using wine = await openWine();
  const mesh = await createMesh(wine);
  await mesh.start();
  const agent = await startWineAgent(wine, { args: ['--scrape-interval', `${INTERVAL_S}s`] });
  const untilPasses = async (wanted: number): Promise<number> => {
    for (;;) {
      const { count } = (await agent.client.status()).passes;
      if (count >= wanted) return count;
      await new Promise((resolve) => setTimeout(resolve, (wanted - count) * INTERVAL_S * 1000));
    }
  };
  const from = { count: await untilPasses(WARM_UP_PASSES), cpu: cpuMs(agent.process.pid) };
  const count = await untilPasses(from.count + passes);
  const used = cpuMs(agent.process.pid) - from.cpu;
  const { services } = await agent.client.services();
  await agent.stop();
  await mesh.remove();
  return { services: services.length, passMs: used / (count - from.count) };
}
