// GET /api/v1/containers: every field of the answer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ContainersAnswer, containerView } from '../../../src/api/resources/containers.ts';
import { anApi } from '../../helpers/api.ts';
import { HOUR_MS, wall } from '../../helpers/model.ts';
import { shopHost } from '../../helpers/shop-host.ts';

test('serialises every field of the view', async () => {
  const model = shopHost();
  const answer = (await anApi({ model }).app.inject('/api/v1/containers')).json() as ContainersAnswer;
  assert.deepEqual(answer, {
    observedAtMs: wall(10),
    containers: model.containers.all().map((each) => containerView(each, model.clock)),
  });
  assert.deepEqual(answer.containers[0], {
    id: '/win/web',
    name: 'web',
    kind: 'service',
    displayName: 'web',
    image: '',
    state: 'running',
    pid: 100,
    pids: [100, 101],
    applicationTypes: [],
    startedAtMs: wall(-HOUR_MS),
    uptimeSeconds: 3600.01,
    firstSeenAtMs: wall(10),
    restarts: 0,
    restartsByCause: { crash: 0, planned: 0, unknown: 0 },
    lastExit: { atMs: 0, code: 0, meaning: '' },
    cpuSeconds: 0,
    rssBytes: 2 ** 40,
    rssSource: 'private working set',
    limits: { memoryBytes: 0, cpuCores: 0, jobs: [], hasUnnamedJob: false },
    threads: 3,
    handles: 40,
    pageFaults: { hard: 0, soft: 0 },
    imagePath: 'C:\\web.exe',
    io: { source: 'all requests', device: 'C:', reads: 0, writes: 0, readBytes: 0, writtenBytes: 0 },
    listeners: [{ address: '10.0.0.5:80', proxy: '', inMetrics: true }],
    activeConnections: 3,
    logMessages: { critical: 0, error: 0, warning: 0, info: 0, debug: 0, unknown: 0 },
    docker: {
      id: '',
      state: '',
      isolation: '',
      ports: [],
      networks: [],
      health: '',
      restartCount: 0,
      logDriver: '',
      logMonitoring: false,
      statsAgeSeconds: 0,
    },
  });
  assert.equal(answer.containers[1]!.displayName, 'SQL "Server"');
});
