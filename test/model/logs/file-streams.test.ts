// Streams of log files find the container of Docker that they name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FileStreams } from '../../../src/model/logs/file-streams.ts';
import { aDaemon, aDockerContainer, dockerId } from '../../helpers/docker-records.ts';
import { aModel, containerOf, round, wall } from '../../helpers/model.ts';
import { observation } from '../../helpers/observations.ts';

test('a stream of a Docker id belongs to the container that has this id now', () => {
  const model = aModel();
  const shop = aDockerContainer({ name: 'shop', startedAtMs: wall(-60_000) });
  model.observe(observation('dockerContainers', aDaemon([shop]), { atMs: 0 }));
  round(model, 0, { services: [], processes: [] });
  const streams = new FileStreams(model.containers);
  streams.update();
  const stream = { docker: dockerId('a'), source: 'stdout/stderr' };
  assert.equal(streams.containerOf(stream), containerOf(model, '/docker/shop'));
  assert.equal(streams.containerOf({ ...stream, docker: dockerId('b') }), undefined);
});
