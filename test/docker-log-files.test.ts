// Which log files of Docker containers are followed, and when the list is passed on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DockerLogFiles } from '../src/docker-log-files.ts';
import type { DockerContainer, DockerDaemon } from '../src/sources/host.ts';
import type { FileTarget } from '../src/sources/logs/contracts.ts';
import { aDaemon, aDockerContainer, dockerId } from './helpers/docker-records.ts';
import { wall } from './helpers/model.ts';
import { observation } from './helpers/observations.ts';

function fixture() {
  const passed: FileTarget[][] = [];
  const setFiles = (files: readonly FileTarget[]) => void passed.push([...files]);
  const files = new DockerLogFiles({ setFiles }, wall(1000));
  const observe = (containers: readonly DockerContainer[], values: Partial<DockerDaemon> = {}) =>
    files.observe(observation('dockerContainers', aDaemon(containers, values)));
  return { passed, observe };
}

const shop = (values: Partial<DockerContainer> = {}): DockerContainer => {
  const { lastExit, ...container } = aDockerContainer({ name: 'shop' });
  return {
    ...container,
    id: dockerId('a'),
    logDriver: 'json-file',
    logPath: 'C:\\docker\\[shop]\\a-json.log',
    logMonitoring: true,
    startedAtMs: wall(0),
    restartCount: 0,
    ...values,
  };
};

const target = (values: Partial<FileTarget> = {}): FileTarget => ({
  owner: { docker: dockerId('a') },
  source: 'stdout/stderr',
  format: 'docker',
  pattern: 'C:\\docker\\[shop]\\a-json.log',
  fromStart: false,
  ...values,
});

test('passes the files on when the list of them has changed, and only then', () => {
  const { passed, observe } = fixture();
  const web = { id: dockerId('b'), logPath: 'C:\\docker\\b-json.log' };
  observe([]);
  observe([shop()]);
  observe([shop({ state: 'exited', startedAtMs: wall(9000), restartCount: 2 })]);
  observe([shop(web), shop()]);
  observe([shop(), shop(web)]);
  observe([shop()]);
  observe([]);
  const other = target({ owner: { docker: dockerId('b') }, pattern: 'C:\\docker\\b-json.log' });
  assert.deepEqual(passed, [[target()], [other, target()], [target()], []]);
});

test('follows no file of another driver, without a path, or with logs turned off', () => {
  const { passed, observe } = fixture();
  const { logPath, ...pathless } = shop();
  observe([shop({ logMonitoring: false }), shop({ logDriver: 'local' }), shop({ logPath: '' }), pathless]);
  assert.deepEqual(passed, []);
});

test('keeps the files while Docker does not answer', () => {
  const { passed, observe } = fixture();
  observe([shop()]);
  observe([], { state: 'retrying' });
  observe([shop()]);
  assert.deepEqual(passed, [[target()]]);
});

test('reads the log from its start if the first run of the container is younger than the agent', () => {
  const cases: [Partial<DockerContainer>, boolean][] = [
    [{ startedAtMs: wall(1000) }, true],
    [{ startedAtMs: wall(999) }, false],
    [{ startedAtMs: wall(2000), restartCount: 1 }, false],
    // Stopped before the agent began, and started by hand after it.
    [{ startedAtMs: wall(2000), finishedAtMs: wall(-5000) }, false],
    [{ startedAtMs: wall(2000), lastExit: { code: 1, atMs: wall(1500) } }, false],
  ];
  for (const [values, fromStart] of cases) {
    const { passed, observe } = fixture();
    observe([shop(values)]);
    assert.deepEqual(passed, [[target({ fromStart })]]);
  }
});
