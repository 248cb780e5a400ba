// A host with the containers `web` and `MSSQL$X`, for tests of the control plane.
import type { HostModel } from '../../src/model/host-model.ts';
import { aModel, denied, HOUR_MS, round, wall, web } from './model.ts';
import { anIdentity, aService, observation, tcpTable } from './observations.ts';

export const config = { startType: 2, binaryPath: 'C:\\a.exe', account: 'LocalSystem' };
const { config: _none, ...withoutConfig } = aService({ name: 'secret', configUnavailable: denied });
export const shopServices = [
  web(),
  aService({ name: 'MSSQL$X', displayName: 'SQL "Server"', pid: 200 }),
  aService({ name: 'manual', config: { ...config, startType: 3 } }),
  withoutConfig,
];

/** A model after its first tick: two containers with connections and listeners, and two other services. */
export function shopHost(): HostModel {
  const model = aModel();
  model.observe(observation('identity', anIdentity()));
  model.observe(observation('system', { uptimeMs: 3_600_999 }));
  round(model, 0, {
    services: shopServices,
    processes: [
      {
        pid: 100,
        createdAtMs: wall(-HOUR_MS),
        workingSetBytes: 2 ** 40 + 1,
        privateWorkingSetBytes: 2 ** 40,
        imagePath: 'C:\\web.exe',
      },
      { pid: 101, parentPid: 100, createdAtMs: wall(-1), threads: 3, handles: 40 },
      { pid: 200, createdAtMs: wall(-HOUR_MS) },
    ],
    tcp: [
      tcpTable(4, [
        { local: '10.0.0.5:80', pid: 100 },
        { local: '10.0.0.5:50000', remote: '10.0.0.9:1', pid: 100 },
        { local: '10.0.0.5:50001', remote: '10.0.0.9:1', pid: 101 },
        { local: '10.0.0.5:50002', remote: '10.0.0.9:2', pid: 100 },
        { local: '10.0.0.5:50003', remote: '10.0.0.9:1', pid: 200 },
      ]),
    ],
  });
  return model;
}
