// The disk that requests of a container are reported for, and when the series appear.

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

/** A model with service `web` and a process with this image. */
function modelWithImage(imagePath: string, disks: readonly DiskRecord[] = [c, folder]): HostModel {
  const model = aModel();
  model.observe(observation('disks', disks));
  round(model, 0, { services: [web()], processes: [process(imagePath)] });
  return model;
}

function diskOf(model: HostModel): string | undefined {
  const { disk } = containerOf(model);
  return disk && `${disk.mountPoint} ${disk.device}`;
}

test('finds the longest mount point that the path starts with, ignoring case', () => {
  assert.equal(diskOf(modelWithImage('C:\\app\\web.exe')), 'C:\\ C:');
  assert.equal(diskOf(modelWithImage('c:\\mount\\DATA\\web.exe')), 'C:\\Mount\\Data\\ C:\\Mount\\Data');
  assert.equal(diskOf(modelWithImage('C:\\Mount\\Database\\web.exe')), 'C:\\ C:');
});

test('uses the drive letter without a disk of the node, and nothing for a share or unknown path', () => {
  assert.equal(diskOf(modelWithImage('e:\\web.exe')), 'E:\\ E:');
  for (const path of ['\\\\server\\share\\web.exe', '\\Device\\HarddiskVolume9\\web.exe', ''])
    assert.equal(diskOf(modelWithImage(path)), undefined);
});

test('keeps the path while it cannot be read', () => {
  const model = modelWithImage('C:\\app\\web.exe');
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

test('reports six families once more than 1 MiB was written', () => {
  const model = modelWithImage('C:\\app\\web.exe');
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

test('reports no sizes for an unknown drive, and nothing for a gone container or unknown disk', () => {
  const written = (path: string, atMs: number, model: HostModel) => {
    round(model, atMs, { services: [web()], processes: [process(path, counts(0, 0, 0, 0))] });
    round(model, atMs + 15_000, { services: [web()], processes: [process(path, counts(5, 5, 5, 5 * MIB))] });
    return series(model).map((line) => line.split(' ', 1)[0]);
  };
  assert.equal(written('E:\\web.exe', 15_000, modelWithImage('E:\\web.exe')).length, 4);
  assert.deepEqual(written('\\\\s\\t\\web.exe', 15_000, modelWithImage('\\\\s\\t\\web.exe')), []);
  const model = modelWithImage('C:\\web.exe');
  assert.equal(written('C:\\web.exe', 15_000, model).length, 6);
  round(model, 60_000, { services: [] });
  assert.deepEqual(series(model), []);
});

test('keeps the same object from tick to tick until the program is on another disk', () => {
  const model = modelWithImage('C:\\web.exe');
  const { disk } = containerOf(model);
  round(model, 15_000, { services: [web()], processes: [process('C:\\web.exe')] });
  assert.equal(containerOf(model).disk, disk);
  round(model, 30_000, {
    services: [web({ pid: 200 })],
    processes: [process('C:\\Mount\\Data\\web.exe', { pid: 200 })],
  });
  assert.equal(diskOf(model), 'C:\\Mount\\Data\\ C:\\Mount\\Data');
});
