// Replays observations through the whole agent and returns each pass as exposition and as a payload of remote write.
import pino from 'pino';
import { Agent } from '../../src/agent.ts';
import { SelfMetrics } from '../../src/base/self-metrics.ts';
import type { Snapshot } from '../../src/collectors/samples.ts';
import { renderExposition } from '../../src/exporters/exposition.ts';
import type { Output } from '../../src/exporters/output.ts';
import type { Payload } from '../../src/exporters/payload.ts';
import { encodePass } from '../../src/exporters/remote-write/write-request.ts';
import type { HostHeader, Observation } from '../../src/sources/host.ts';
import { shiftHeader, shiftObservation } from '../../src/sources/tape/time-shift.ts';
import { parseExposition } from './exposition.ts';
import type { ExposedPass } from './promql/history.ts';

export interface DeliveredPass extends ExposedPass {
  readonly payload: Payload;
}

/** The passes of a host whose last observation is now. Passes before the machine id is known are left out. */
export async function passesUntilNow(
  header: HostHeader,
  observations: readonly Observation[],
): Promise<readonly DeliveredPass[]> {
  const shiftMs = Math.round(Date.now() - observations.at(-1)!.tWall);
  const snapshots: Snapshot[] = [];
  const agent = new Agent(
    {
      listen: { host: '127.0.0.1', port: 0 },
      minContainerAgeMs: 30_000,
      filter: () => 'selected',
      consoleMode: true,
      logger: pino({ level: 'silent' }),
      now: () => 0,
      outputs: [captureTo(snapshots)],
    },
    {
      start: async () => shiftHeader(header, shiftMs),
      stop: async () => [],
      status: () => ({ kind: 'tape', detail: {} }),
    },
    new SelfMetrics(),
  );
  await agent.start();
  const passes: DeliveredPass[] = [];
  try {
    for (const observation of observations) {
      agent.observe(shiftObservation(observation, shiftMs));
      agent.runDuePass();
      for (const snapshot of snapshots.splice(0)) {
        const payload = await encodePass(snapshot, []);
        const families = parseExposition(renderExposition(snapshot));
        if (payload) passes.push({ atMs: Math.trunc(snapshot.atMs), families, payload });
      }
    }
  } finally {
    await agent.stop();
  }
  return passes;
}

function captureTo(snapshots: Snapshot[]): Output {
  return {
    name: 'capture',
    start: () => {},
    afterPass: (snapshot) => void snapshots.push(snapshot),
    stop: async () => true,
    status: () => ({ detail: {}, problem: '' }),
  };
}
