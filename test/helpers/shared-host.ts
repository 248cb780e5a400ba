// A host with a shared process, IIS, WinRM and unattributed listeners, for tests of the presentation of sockets.
import type { HostModel } from '../../src/model/host-model.ts';
import { aModel, round, wall } from './model.ts';
import { anAdapter, aService, tcpTable } from './observations.ts';

const svchost = (group: string, startType = 2) => ({
  startType,
  binaryPath: `C:\\Windows\\system32\\svchost.exe -k ${group} -p`,
  account: 'NT AUTHORITY\\NetworkService',
});

/** `servicesReported`: whether the system reports the services of sockets. */
export function aSharedHost(servicesReported = true): HostModel {
  const tag = (service: string) => (servicesReported ? { service } : {});
  const model = aModel();
  round(model, 0, {
    services: [
      aService({ name: 'Dnscache', displayName: 'DNS Client', pid: 1000, config: svchost('NetworkService') }),
      aService({
        name: 'CryptSvc',
        displayName: 'Cryptographic Services',
        pid: 1000,
        config: svchost('NetworkService'),
      }),
      aService({ name: 'TermService', displayName: 'Remote Desktop', pid: 1000, config: svchost('NetworkService', 3) }),
      aService({ name: 'W3SVC', pid: 2000, config: svchost('iissvcs') }),
      aService({ name: 'WAS', pid: 2000, config: svchost('iissvcs', 3) }),
      aService({ name: 'orders', pid: 3000 }),
      aService({ name: 'SstpSvc', pid: 4000, config: svchost('netsvcs', 3) }),
    ],
    processes: [
      {
        pid: 1000,
        name: 'svchost.exe',
        createdAtMs: wall(-1000),
        userMs: 1500,
        kernelMs: 500,
        workingSetBytes: 5000,
        privateWorkingSetBytes: 3000,
        threads: 9,
        handles: 300,
      },
      { pid: 2000, name: 'svchost.exe' },
      { pid: 3000, name: 'orders.exe' },
      { pid: 4000, name: 'svchost.exe' },
    ],
    adapters: [anAdapter()],
    urlReservations: [
      { service: 'W3SVC', scheme: 'http', port: 80, path: '/', detectedBy: 'iis binding' },
      { service: 'W3SVC', scheme: 'http', port: 80, host: 'www.example.com', path: '/', detectedBy: 'iis binding' },
      { service: 'orders', scheme: 'http', port: 80, path: '/orders/', detectedBy: 'url reservation' },
      {
        service: 'SstpSvc',
        scheme: 'https',
        port: 443,
        path: '/sra_{BA195980-CD49-458b-9E23-C84EE0ADCD75}/',
        detectedBy: 'url reservation',
      },
    ],
    tcp: [
      tcpTable(
        4,
        [
          { local: '0.0.0.0:5353', pid: 1000, ...tag('Dnscache') },
          { local: '0.0.0.0:3389', pid: 1000, ...tag('TermService') },
          { local: '0.0.0.0:49700', pid: 1000 },
          { local: '10.0.0.5:50000', remote: '10.0.0.9:53', pid: 1000, ...tag('Dnscache') },
          { local: '10.0.0.5:50001', remote: '10.0.0.9:53', pid: 1000, ...tag('Dnscache') },
          { local: '10.0.0.5:50002', remote: '10.0.0.9:443', pid: 1000 },
          { local: '0.0.0.0:8172', pid: 2000, ...tag('W3SVC') },
          { local: '0.0.0.0:8080', pid: 3000 },
          { local: '0.0.0.0:80', pid: 4 },
          { local: '0.0.0.0:443', pid: 4 },
          { local: '0.0.0.0:445', pid: 4 },
        ],
        1,
        servicesReported,
      ),
    ],
  });
  return model;
}
