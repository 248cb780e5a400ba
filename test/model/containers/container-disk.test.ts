// Which disk a container's requests are shown at, and when their series appear.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SelfMetrics } from '../../../src/base/self-metrics.ts';
import { catalogue } from '../../../src/collectors/catalogue.ts';
import { containerDiskCollector } from '../../../src/collectors/container-disks.ts';
import { SampleGatherer } from '../../../src/collectors/samples.ts';
import type { HostModel } from '../../../src/model/host-model.ts';
import type { DiskRecord } from '../../../src/sources/host.ts';
import { aModel, containerOf, HOUR_MS, round, wall, web } from '../../helpers/model.ts';
import { observation, type ProcessRow } from '../../helpers/observations.ts';
import { shown } from '../../helpers/samples.ts';

const MIB = 1_048_576;
const volume = '\\\\?\\Volume{00000000-0000-0000-0000-000000000001}\\';
const c: DiskRecord = { device: 'C:', mountPoint: 'C:\\', volume, sizeBytes: 1000, freeBytes: 400 };
const folder: DiskRecord = {
  device: 'C:\\Mount\\Data',
  mountPoint: 'C:\\Mount\\Data\\',
  volume,
  sizeBytes: 70,
  freeBytes: 60,
};
const process = (imagePath: string, values: Partial<ProcessRow> = {}): ProcessRow => {
  return { pid: 100, createdAtMs: wall(-HOUR_MS), imagePath, ...values };
};

/** A model with service `web` whose process has this image. */
function on(imagePath: string, disks: readonly DiskRecord[] = [c, folder]): HostModel {
  const model = aModel();
  model.observe(observation('disks', disks));
  round(model, 0, { services: [web()], processes: [process(imagePath)] });
  return model;
}

function placeOf(model: HostModel): string | undefined {
  const { disk } = containerOf(model);
  return disk && `${disk.mountPoint} ${disk.device}`;
}

test('the longest mount point that the path begins with, whatever the case', () => {
  assert.equal(placeOf(on('C:\\app\\web.exe')), 'C:\\ C:');
  assert.equal(placeOf(on('c:\\mount\\DATA\\web.exe')), 'C:\\Mount\\Data\\ C:\\Mount\\Data');
  assert.equal(placeOf(on('C:\\Mount\\Database\\web.exe')), 'C:\\ C:');
});

test('a drive that is no disk of the node has its letter; a share and an unknown path have none', () => {
  assert.equal(placeOf(on('e:\\web.exe')), 'E:\\ E:');
  for (const path of ['\\\\server\\share\\web.exe', '\\Device\\HarddiskVolume9\\web.exe', ''])
    assert.equal(placeOf(on(path)), undefined);
});

test('a path that cannot be read for a while is the one that was', () => {
  const model = on('C:\\app\\web.exe');
  round(model, 15_000, { services: [web()], processes: [process('')] });
  assert.equal(containerOf(model).imagePath, 'C:\\app\\web.exe');
});

/** Series of the disk families, as `name{labels} value`. */
function series(model: HostModel): string[] {
  const gatherer = new SampleGatherer();
  gatherer.begin();
  containerDiskCollector.collect(
    { model, agentVersion: '', selfMetrics: new SelfMetrics(), nodeLabels: { machine_id: 'M', system_uuid: 'S' } },
    gatherer,
  );
  return gatherer
    .finish(0)
    .families.flatMap(shown)
    .map(
      ({ name, labels, value }) =>
        `${name} ${labels.container_id} ${labels.mount_point} ${labels.device} <${labels.volume}> ${value}`,
    );
}

const counts = (diskReads: number, diskWrites: number, diskReadBytes: number, diskWrittenBytes: number) => {
  return { diskReads, diskWrites, diskReadBytes, diskWrittenBytes };
};

test('all six families, once more than 1 MiB is written', () => {
  const model = on('C:\\app\\web.exe');
  round(model, 15_000, { services: [web()], processes: [process('C:\\app\\web.exe', counts(0, 0, 0, 0))] });
  round(model, 30_000, { services: [web()], processes: [process('C:\\app\\web.exe', counts(1, 2, 3, MIB))] });
  assert.deepEqual(series(model), []);
  round(model, 45_000, { services: [web()], processes: [process('C:\\app\\web.exe', counts(11, 12, 13, MIB + 1))] });
  const where = '/win/web C:\\ C: <>';
  assert.deepEqual(series(model), [
    `container_resources_disk_read_bytes_total ${where} 13`,
    `container_resources_disk_reads_total ${where} 11`,
    `container_resources_disk_size_bytes ${where} 1000`,
    `container_resources_disk_used_bytes ${where} 600`,
    `container_resources_disk_writes_total ${where} 12`,
    `container_resources_disk_written_bytes_total ${where} ${MIB + 1}`,
  ]);
  const names = Object.values(catalogue).map(({ name }) => name as string);
  for (const line of series(model)) assert.ok(names.includes(line.split(' ')[0]!));
});

test('a drive without a size has counters only; a container that is gone, or has no known place, has none', () => {
  const written = (path: string, atMs: number, model: HostModel) => {
    round(model, atMs, { services: [web()], processes: [process(path, counts(0, 0, 0, 0))] });
    round(model, atMs + 15_000, { services: [web()], processes: [process(path, counts(5, 5, 5, 5 * MIB))] });
    return series(model).map((line) => line.split(' ', 1)[0]);
  };
  assert.equal(written('E:\\web.exe', 15_000, on('E:\\web.exe')).length, 4);
  assert.deepEqual(written('\\\\s\\t\\web.exe', 15_000, on('\\\\s\\t\\web.exe')), []);
  const model = on('C:\\web.exe');
  assert.equal(written('C:\\web.exe', 15_000, model).length, 6);
  round(model, 60_000, { services: [] });
  assert.deepEqual(series(model), []);
});

test('from round to round the place is the same object; a service that moved has another', () => {
  const model = on('C:\\web.exe');
  const { disk } = containerOf(model);
  round(model, 15_000, { services: [web()], processes: [process('C:\\web.exe')] });
  assert.equal(containerOf(model).disk, disk);
  round(model, 30_000, {
    services: [web({ pid: 200 })],
    processes: [process('C:\\Mount\\Data\\web.exe', { pid: 200 })],
  });
  assert.equal(placeOf(model), 'C:\\Mount\\Data\\ C:\\Mount\\Data');
});
