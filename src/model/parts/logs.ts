// Part of the host model: events of the Event Log and messages of log files.
import type { HostLogs } from '../logs/host-logs.ts';
import { type Part, partFor } from './part.ts';

export function logPart({ logs }: { readonly logs: HostLogs }): Part {
  return partFor(
    ['eventRecords', 'eventChannels', 'fileMessages', 'logFiles'],
    (observation) => {
      switch (observation.kind) {
        case 'eventRecords':
          logs.addEvents(observation.data, observation.tWall);
          break;
        case 'eventChannels':
          logs.setChannels(observation.data);
          break;
        case 'fileMessages':
          logs.addFileMessages(observation.data, observation.tWall);
          break;
        case 'logFiles':
          logs.setFiles(observation.data);
          break;
      }
    },
    { tick: { logs: () => logs.attributeWaiting(), expire: () => logs.expire() } },
  );
}
