// Ages are differences of monotonic times, because the clock of the host may be set.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

/** Files that read the wall clock, each with the reason. */
const readers: Readonly<Record<string, string>> = {
  'cli/commands/diagnose.ts': 'name of a file',
  'cli/commands/logs.ts': 'the time from which messages are shown',
  'cli/commands/run.ts': 'time of a message',
  'cli/format.ts': 'formats a time',
  'src/agent.ts': 'start of the agent, shown in the status',
  'src/base/crash-report.ts': 'time of a crash report',
  'src/crash-site.ts': 'start of the agent, in crash reports',
  'src/diagnostics/bundle.ts': 'time of a bundle',
  'src/exporters/delivery/clock-set-back.ts': 'formats a time',
  'src/exporters/delivery/clock.ts': 'times of requests for display, and whether the clock was set',
  'src/service-run.ts': 'time of a message',
  'src/sources/cloud/cloud-source.ts': 'wall clock of observations',
  'src/sources/docker/docker-source.ts': 'wall clock of observations',
  'src/sources/log-files/w3c/request.ts': 'the day after a date',
  'src/sources/logs/log-source.ts': 'wall clock of observations',
  'src/sources/logs/readers.ts': 'times of lines that have none',
  'src/sources/poll/gpu/gpus.ts': 'wall clock of observations',
  'src/sources/poll/header.ts': 'start of a recording',
  'src/sources/poll/windows-worker.ts': 'wall clock of observations',
  'src/sources/tape/replay.ts': 'the present, to which a tape is shifted',
  'src/sources/windows-sources.ts': 'wall clock of observations',
};

/** Files of the model and behind it that subtract wall times, each with the reason. */
const subtractors: Readonly<Record<string, string>> = {
  'src/api/resources/log-patterns.ts': 'order of patterns by their last message',
  'src/exporters/delivery/clock-set-back.ts': 'whether the clock was set',
  'src/model/clock.ts': 'how late an event arrives, and whether the clock was set',
  'src/model/containers/docker.ts': 'when Docker answered, which may have been before the start of a container',
  'src/model/containers/registry.ts': 'run time of a process by the clock of Windows, bounded by process lists',
  'src/model/containers/silo.ts': 'whether a process was created when its container was started',
  'src/model/dns/dns-tracker.ts': 'duration between two events while the clock was not set',
  'src/model/logs/event-router.ts':
    'tolerance between an event and the exit of its process, while the clock was not set',
  'src/model/logs/recent-faults.ts': 'whether two events are about one crash',
  'src/model/net/tracker/events.ts': 'durations between two events while the clock was not set',
  'src/model/parts/processes.ts': 'when the reading of a list began',
  'src/model/processes/process-instance.ts': 'tolerance between events and creation times',
  'src/model/processes/process-instances.ts': 'order of creation; run time of a process when it becomes known',
};

const WALL_NAME = String.raw`[\w.#?![\]]*(?:[aA]tMs|[wW]allMs|tWall)\b[!\])]*`;
const SUBTRACTION = new RegExp(String.raw`${WALL_NAME}(?:\[\w+\]!?)?\s+-\s|\s-\s\(?${WALL_NAME}`);

const filesWith = (pattern: RegExp, globs: readonly string[]): string[] =>
  globSync([...globs])
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => pattern.test(readFileSync(file, 'utf8')))
    .sort();

test('only listed files read the wall clock', () => {
  assert.deepEqual(
    filesWith(/\bDate\.now\b|\bnew Date\(/, ['src/**/*.ts', 'cli/**/*.ts']),
    Object.keys(readers).sort(),
  );
});

test('only listed files of the model and behind it subtract wall times', () => {
  const globs = ['model', 'collectors', 'exporters', 'api'].map((folder) => `src/${folder}/**/*.ts`);
  assert.deepEqual(filesWith(SUBTRACTION, globs), Object.keys(subtractors).sort());
});

test('the check finds subtractions of wall times, and no others', () => {
  for (const found of ['nowMs - x.usedAtMs > 5', 'a.atMs[number]! - b', 'x - columns.atMs[number]!', 'tWall - 5'])
    assert.match(found, SUBTRACTION);
  for (const other of ['monoMs - name.usedMonoMs', 'a.createdAtMs > b', 'readAtMonoMs - 5', 'count - 1'])
    assert.doesNotMatch(other, SUBTRACTION);
});
