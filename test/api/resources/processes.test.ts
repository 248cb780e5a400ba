// GET /api/v1/processes: image paths and containers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProcessesAnswer } from '../../../src/api/resources/processes.ts';
import { anApi } from '../../helpers/api.ts';
import { shopHost } from '../../helpers/shop-host.ts';

test('shows the image path and the containers of each process', async () => {
  const { processes } = (await anApi({ model: shopHost() }).app.inject('/api/v1/processes')).json() as ProcessesAnswer;
  assert.deepEqual(
    processes.map(({ pid, imagePath, containerIds }) => [pid, imagePath, containerIds]),
    [
      [100, 'C:\\web.exe', ['/win/web']],
      [101, '', ['/win/web']],
      [200, '', ['/win/MSSQL_X']],
    ],
  );
});
