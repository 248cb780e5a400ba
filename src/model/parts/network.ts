// Part of the host model: owners of sockets, the scan of the TCP tables, and TCP events.
import type { Discovery } from '../containers/discovery.ts';
import type { ContainerRegistry } from '../containers/registry.ts';
import type { Sockets } from '../containers/sockets.ts';
import type { Connections } from '../net/connections.ts';
import type { TcpScan } from '../net/scan.ts';
import type { Node } from '../node.ts';
import type { ProcessList } from '../processes/process-list.ts';
import { type Part, partFor } from './part.ts';

export interface NetworkPartContext {
  readonly sockets: Sockets;
  readonly scan: TcpScan;
  readonly connections: Connections;
  readonly discovery: Discovery;
  readonly containers: ContainerRegistry;
  readonly list: ProcessList;
  readonly node: Node;
}

export function networkPart(context: NetworkPartContext): Part {
  const { sockets, scan, connections, discovery, containers, list, node } = context;
  return partFor(
    ['tcp', 'urlReservations', 'tcpEvents', 'tcpStatistics'],
    (observation) => {
      switch (observation.kind) {
        case 'tcp':
          scan.setTables(observation.data);
          break;
        case 'urlReservations':
          sockets.urlReservations = observation.data;
          break;
        case 'tcpEvents':
          connections.events.add(observation.data);
          break;
        case 'tcpStatistics':
          connections.setStatistics(observation.data);
          break;
      }
    },
    {
      tick: {
        own: () => sockets.update(scan.tables, discovery.decisions, containers.all(), containers.treesByPid()),
        scan: (now) =>
          scan.run({
            now,
            listedAtMs: list.readAtMs,
            owners: sockets.owners,
            allOwners: sockets.allOwners(),
            sharedOwners: (pid) => sockets.sharedOwners(pid),
            addresses: node.addresses,
          }),
      },
    },
  );
}
