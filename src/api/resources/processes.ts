// GET /api/v1/processes: every process and the containers that it belongs to.
import type { HostModel } from '../../model/host-model.ts';
import { boolean, containerId, integer, list, number, observedAtMs, record, type Static, text } from '../fields.ts';
import { type ContainerFilter, containerMatcher, containerQuery } from '../parameters.ts';
import { resource } from '../resource.ts';

const MS_PER_SECOND = 1000;

const processSchema = record({
  pid: integer('Process id.'),
  parentPid: integer('Process id of the parent.'),
  name: text('program', 'Name of the image.'),
  imagePath: text('text', 'Full path of the image; empty when the process has none or it could not be read.'),
  containerIds: list(containerId('Container id.'), 'Containers whose process tree includes the process.'),
  startedAtMs: number('Start, in milliseconds since 1970; 0 when unknown.'),
  uptimeSeconds: number(
    'Time since the start of the process, in seconds, whatever the clock of the host was set to; 0 when unknown.',
  ),
  cpuSeconds: number('CPU time, in seconds.'),
  workingSetBytes: number('Working set, in bytes.'),
  privateWorkingSetBytes: number('Private working set, in bytes; 0 where Windows does not report it.'),
  threads: integer('Threads.'),
  handles: integer('Open handles.'),
});
export type ProcessView = Static<typeof processSchema>;

const processesSchema = record(
  {
    observedAtMs,
    stale: boolean('True when the last reading failed and the list is the one before.'),
    processes: list(processSchema, 'All processes, in the order of Windows.'),
  },
  'The processes.',
);
export type ProcessesAnswer = Static<typeof processesSchema>;

export const processes = resource({
  path: '/api/v1/processes',
  summary: 'Every process with the containers that it belongs to.',
  answer: processesSchema,
  query: containerQuery,
  view: ({ model }, filter) => ({
    observedAtMs: model.nowMs,
    stale: model.readings.of('processes')?.stale ?? true,
    processes: processViews(model, filter),
  }),
});

/** The processes of the last list, in its order: all, or those of some containers. */
function processViews(model: HostModel, filter: ContainerFilter): ProcessView[] {
  const { processes: table, containers } = model;
  const isWanted = containerMatcher(filter);
  const containersByPid = containers.treesByPid();
  const views: ProcessView[] = [];
  for (let row = 0; table && row < table.count; row++) {
    const pid = table.pid[row]!;
    const owners = containersByPid.get(pid) ?? [];
    if (filter.container?.length && !owners.some(isWanted)) continue;
    views.push({
      pid,
      parentPid: table.parentPid[row]!,
      name: table.name[row]!,
      imagePath: table.imagePath?.[row] ?? '',
      containerIds: owners.map(({ id }) => id),
      startedAtMs: table.createdAtMs[row]!,
      uptimeSeconds: model.processAgeMs(pid, table.createdAtMs[row]!) / MS_PER_SECOND,
      cpuSeconds: (table.userMs[row]! + table.kernelMs[row]!) / MS_PER_SECOND,
      workingSetBytes: table.workingSetBytes[row]!,
      privateWorkingSetBytes: table.privateWorkingSetBytes[row]!,
      threads: table.threads[row]!,
      handles: table.handles[row]!,
    });
  }
  return views;
}
