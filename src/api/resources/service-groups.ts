// GET /api/v1/service-groups: processes that several running services share.
import type { ServiceGroup } from '../../model/containers/service-groups.ts';
import { SERVICE_RULE_NAMES } from '../../model/containers/services.ts';
import type { HostModel } from '../../model/host-model.ts';
import type { OwnerNetwork } from '../../model/owner/owner-network.ts';
import {
  address,
  boolean,
  choice,
  containerId,
  integer,
  list,
  number,
  observedAtMs,
  record,
  type Static,
  text,
} from '../fields.ts';
import { resource } from '../resource.ts';

const MS_PER_SECOND = 1000;

const socketFields = {
  listeners: list(address, 'Addresses that are listened on.'),
  connections: list(
    record({
      destination: text('endpoint', '`ip:port`, or `name:port` where several addresses share a name.'),
      actualDestination: text('endpoint', 'Address of the remote side; empty where `destination` stands for several.'),
      active: integer('Established connections.'),
    }),
    'Outbound connections by destination.',
  ),
};
const socketsSchema = record(socketFields, 'Sockets without a known service, those of child processes included.');
export type GroupSocketsView = Static<typeof socketsSchema>;

const groupServiceSchema = record({
  name: text('service', 'Key name of the service.'),
  displayName: text('text', 'Display name.'),
  rule: choice(SERVICE_RULE_NAMES, 'The rule by which the service is or is not a container.'),
  containerId: containerId('Id of the container; empty when the service is not a container.'),
  ...socketFields,
});
export type GroupServiceView = Static<typeof groupServiceSchema>;

const processSchema = record(
  {
    image: text('program', 'Name of the image; empty while no process list has the process.'),
    startedAtMs: number('Start, in milliseconds since 1970; 0 while unknown.'),
    cpuSeconds: number('CPU time, in seconds.'),
    workingSetBytes: number('Working set, in bytes.'),
    privateWorkingSetBytes: number('Private working set, in bytes; 0 where Windows does not report it.'),
    threads: integer('Threads.'),
    handles: integer('Open handles.'),
  },
  'The process as a whole: its resource use cannot be divided among the services.',
);

const groupSchema = record({
  pid: integer('The shared process.'),
  group: text('text', 'Name of the svchost group, e.g. `netsvcs`; empty for another program.'),
  process: processSchema,
  services: list(groupServiceSchema, 'The services with the sockets of each.'),
  unattributed: socketsSchema,
});
export type ServiceGroupView = Static<typeof groupSchema>;

const serviceGroupsSchema = record(
  {
    observedAtMs,
    stale: boolean('True when the last poll of the services failed and the groups are those before.'),
    socketsByService: boolean(
      'Whether Windows reports the service of a socket; where it does not, `missing` of the status has the reason.',
    ),
    groups: list(groupSchema, 'The shared processes.'),
  },
  'The shared processes.',
);
export type ServiceGroupsAnswer = Static<typeof serviceGroupsSchema>;

export const serviceGroups = resource({
  path: '/api/v1/service-groups',
  summary: 'Processes that several running services share: resource use of the process, and sockets by service.',
  answer: serviceGroupsSchema,
  view: ({ model }) => ({
    observedAtMs: model.nowMs,
    stale: model.readings.of('services')?.stale ?? true,
    socketsByService: model.socketsByService,
    groups: [...model.groups.values()].map((group) => groupView(model, group)),
  }),
});

function groupView(model: HostModel, group: ServiceGroup): ServiceGroupView {
  return {
    pid: group.pid,
    group: group.name,
    process: processView(model, group.pid),
    services: group.members.map(({ decision: { service, rule }, container, owner }) => ({
      name: service.name,
      displayName: service.displayName,
      rule,
      containerId: container?.id ?? '',
      ...socketsView(owner.network),
    })),
    unattributed: socketsView(group.remainder.network),
  };
}

function processView({ processes: table }: HostModel, pid: number): Static<typeof processSchema> {
  const row = table?.pid.indexOf(pid) ?? -1;
  const numberIn = (column: ArrayLike<number> | undefined): number => (row < 0 ? 0 : (column?.[row] ?? 0));
  return {
    image: row < 0 ? '' : (table?.name[row] ?? ''),
    startedAtMs: numberIn(table?.createdAtMs),
    cpuSeconds: (numberIn(table?.userMs) + numberIn(table?.kernelMs)) / MS_PER_SECOND,
    workingSetBytes: numberIn(table?.workingSetBytes),
    privateWorkingSetBytes: numberIn(table?.privateWorkingSetBytes),
    threads: numberIn(table?.threads),
    handles: numberIn(table?.handles),
  };
}

function socketsView(network: OwnerNetwork): GroupSocketsView {
  return {
    listeners: [...network.listeners.values()].map(({ address: listened }) => listened),
    connections: network.destinations
      .values()
      .map(({ destination, actualDestination, active }) => ({ destination, actualDestination, active })),
  };
}
