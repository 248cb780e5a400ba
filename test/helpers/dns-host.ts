// A host with two services that send DNS requests: one with a success, a failure and no answer, one with a timeout.
import type { HostModel } from '../../src/model/host-model.ts';
import type { DnsEventRecord } from '../../src/sources/host.ts';
import { aModel, HOUR_MS, round, wall, web } from './model.ts';
import { aService, observation } from './observations.ts';

const dnsEvent = (
  type: 'started' | 'completed',
  name: string,
  atMs: number,
  values: Partial<DnsEventRecord> = {},
): DnsEventRecord => {
  return { type, pid: 100, atMs: wall(atMs), queryType: 1, options: 0, name, ...values };
};

export function aDnsHost(): HostModel {
  const model = aModel();
  const services = [web(), aService({ name: 'MSSQL$X', pid: 200 }), aService({ name: 'quiet', pid: 300 })];
  const processes = [100, 200, 300].map((pid) => ({ pid, createdAtMs: wall(-HOUR_MS) }));
  const scan = (atMs: number) => round(model, atMs, { services, processes });
  scan(0);
  const events = [
    dnsEvent('started', 'shop.example.com', 0),
    dnsEvent('started', 'late.example.com', 100),
    dnsEvent('completed', 'shop.example.com', 200, { status: 0 }),
    dnsEvent('completed', 'gone.example.com', 500, { status: 9003 }),
    dnsEvent('completed', 'shop.example.com', 600, { status: 0 }),
    dnsEvent('completed', 'db.example.com', 700, { status: 1460, queryType: 28, pid: 200 }),
  ];
  model.observe(observation('dnsEvents', events, { atMs: 1000 }));
  for (const atMs of [15_000, 60_000, 180_000]) scan(atMs);
  return model;
}
