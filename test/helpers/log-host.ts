// The host of shop-host.ts with log messages: files of `web`, an event of `MSSQL$X`, and an event of the node.
import type { HostModel } from '../../src/model/host-model.ts';
import type { FileMessage } from '../../src/sources/records/logs.ts';
import { wall } from './model.ts';
import { observation } from './observations.ts';
import { shopHost } from './shop-host.ts';

export const TIMEOUT_HASH = 'a'.repeat(32);
export const RETRY_HASH = 'b'.repeat(32);
export const SOURCE = 'stdout/stderr';

export function aFileMessage(body: string, values: Partial<FileMessage> = {}): FileMessage {
  return { atMs: wall(1000), nanoseconds: 0, level: 'info', body, attributes: {}, ...values };
}

/** Messages of the files of `web`, which are counted under one pattern by level. */
export function writeMessages(model: HostModel, records: readonly FileMessage[], atMs = 2000): void {
  const counted = records.map(({ level, attributes, body, atMs: writtenAtMs }) => {
    const hash = attributes['pattern.hash'] ?? '';
    const sample = hash === '' ? {} : { sample: body };
    return { level, hash, ...sample, count: 1, firstAtMs: writtenAtMs, lastAtMs: writtenAtMs };
  });
  const batch = { service: 'web', source: SOURCE, counted, records: [...records], dropped: {} };
  model.observe(observation('fileMessages', [batch], { atMs }));
}

export const timeoutMessage = aFileMessage('ERROR timeout of payments\n  at pay.js:12', {
  atMs: wall(1500),
  nanoseconds: 250_000,
  level: 'error',
  attributes: { 'pattern.hash': TIMEOUT_HASH, order: '17' },
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
});

/** Messages 1 to 3 are of `web`, message 4 is an event of the node. */
export function aLogHost(): HostModel {
  const model = shopHost();
  writeMessages(model, [
    aFileMessage('ready'),
    timeoutMessage,
    aFileMessage('WARN retry 1 of 3', {
      atMs: wall(1600),
      level: 'warning',
      attributes: { 'pattern.hash': RETRY_HASH },
    }),
  ]);
  model.observe(
    observation(
      'eventRecords',
      [
        {
          channel: 'System',
          provider: 'Microsoft-Windows-Kernel-Power',
          eventId: 41,
          recordId: '9007199254740993',
          level: 'critical',
          atMs: wall(1700),
          nanoseconds: 0,
          message: 'The system has rebooted without cleanly shutting down first.',
        },
      ],
      { atMs: 2500 },
    ),
  );
  return model;
}
