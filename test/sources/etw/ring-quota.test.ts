// Quotas of the ring: a provider that floods it fills its part and the shared remainder, never the parts of others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { providers } from '../../../src/sources/etw/providers/index.ts';
import { WORD } from '../../../src/sources/etw/ring.ts';
import type { RingWriterOptions } from '../../../src/sources/etw/ring-writer.ts';
import { DNS_CLIENT, event, KERNEL_PROCESS, TCPIP } from '../../helpers/etw-builder.ts';
import { openRing, word } from '../../helpers/etw-ring.ts';
import { below, seeded } from '../../helpers/random.ts';

const HTTP = 'dd5ef90a-6398-47a4-ad34-4dcecdef795f';
/** A fixed list, so that a new provider does not change what these tests expect. */
const list = [
  { guid: TCPIP, ringShare: 1 / 2 },
  { guid: DNS_CLIENT, ringShare: 1 / 16 },
  { guid: KERNEL_PROCESS, ringShare: 1 / 16 },
];
/** Indices in the list; one test adds HTTP. */
const PROVIDER = { tcp: 0, dns: 1, processes: 2, http: 3 };
const CAPACITY = 64 * 1024;
/** Bytes of a slot with 40 bytes of payload. */
const SLOT_BYTES = 64;

/** A ring, and the address of a 64-byte event of each provider. */
function openQuotaRing(quotas: NonNullable<RingWriterOptions['list']> = list) {
  const ring = openRing(CAPACITY, quotas);
  const addresses = quotas.map(({ guid }) => ring.memory.record(event(guid, 1, 0, Buffer.alloc(40))));
  return { ...ring, addresses };
}

type Ring = ReturnType<typeof openQuotaRing>;

/** Writes `count` events of the provider and returns how many the ring accepted. */
function send({ ring, writer, addresses }: Ring, provider: number, count: number): number {
  const before = word(ring, WORD.ringFull + provider);
  for (let i = 0; i < count; i++) writer.write(addresses[provider]!);
  return count - (word(ring, WORD.ringFull + provider) - before);
}

const refused = ({ ring }: Pick<Ring, 'ring'>, count = list.length): number[] =>
  Array.from({ length: count }, (_, index) => word(ring, WORD.ringFull + index));

function drain({ reader, view }: Ring): number[] {
  const counts: number[] = [];
  while (reader.next()) counts[view.provider] = (counts[view.provider] ?? 0) + 1;
  return counts;
}

test('the guaranteed parts leave at least a quarter of the ring to be shared', () => {
  const guaranteed = providers.reduce((sum, { ringShare }) => sum + ringShare, 0);
  assert.ok(guaranteed <= 0.75);
  assert.ok(providers.every(({ ringShare }) => ringShare >= 1 / 16));
});

test('a flood of DNS events leaves TCP and process events their parts', () => {
  const ring = openQuotaRing();
  const dns = send(ring, PROVIDER.dns, 10_000);
  // All but the half of TCP and the sixteenth of processes.
  assert.equal(dns, (CAPACITY * 7) / 16 / SLOT_BYTES);
  assert.equal(send(ring, PROVIDER.tcp, 512), 512);
  assert.equal(send(ring, PROVIDER.processes, 64), 64);
  assert.deepEqual(refused(ring), [0, 10_000 - dns, 0]);
  // The ring is exactly full: each further event is refused for its own provider.
  assert.equal(send(ring, PROVIDER.tcp, 1) + send(ring, PROVIDER.processes, 1), 0);
  assert.deepEqual(drain(ring), [512, dns, 64]);
  assert.equal(send(ring, PROVIDER.dns, dns + 1), dns);
});

test('TCP events alone fill seven eighths of the ring', () => {
  const ring = openQuotaRing();
  assert.equal(send(ring, PROVIDER.tcp, 10_000), (CAPACITY * 7) / 8 / SLOT_BYTES);
});

test('two providers that flood together leave a third its part', () => {
  const ring = openQuotaRing();
  for (let i = 0; i < 2000; i++) {
    send(ring, PROVIDER.dns, 1);
    send(ring, PROVIDER.processes, 1);
  }
  assert.equal(send(ring, PROVIDER.tcp, 512), 512);
  assert.equal(refused(ring)[0], 0);
});

test('an added provider that never pauses does not starve others while the ring is read slowly', () => {
  const ring = openQuotaRing([...list, { guid: HTTP, ringShare: 1 / 16 }]);
  let tcp = 0;
  for (let round = 0; round < 2000; round++) {
    send(ring, PROVIDER.http, 50);
    tcp += send(ring, PROVIDER.tcp, 10);
    for (let i = 0; i < 20 && ring.reader.next(); i++);
  }
  assert.equal(tcp, 20_000);
  const [lostTcp, lostDns, lostProcesses, lostHttp] = refused(ring, 4);
  assert.deepEqual([lostTcp, lostDns, lostProcesses], [0, 0, 0]);
  assert.ok(lostHttp! > 50_000, `${lostHttp} refused`);
});

test('an event is admitted exactly when the guaranteed parts of the other providers still fit', () => {
  const random = seeded(11);
  // Positions wrap at 2^32 on the way.
  const capacity = 4096;
  const ring = openRing(capacity, list, -100_000);
  const { memory, writer, reader } = ring;
  const guids = [TCPIP, DNS_CLIENT, KERNEL_PROCESS];
  const records = Array.from({ length: 60 }, (_, index) => {
    const provider = index % 3;
    const payload = Buffer.alloc(below(random, 400));
    return {
      provider,
      bytes: (24 + payload.length + 7) & ~7,
      address: memory.record(event(guids[provider]!, 1, 0, payload)),
    };
  });
  const unreadable = Buffer.alloc(112);
  memory.copy(memory.addressOf(unreadable), memory.record(event(DNS_CLIENT, 1, 0, Buffer.alloc(40))), 112);
  unreadable.writeBigUInt64LE(0xdead_0000n, 96);
  let slots: { provider: number; bytes: number; end: number }[] = [];
  const outcomes = { admitted: 0, refused: 0 };
  for (let step = 0; step < 40_000; step++) {
    if (below(random, 3) === 0) {
      reader.next();
      continue;
    }
    if (below(random, 50) === 0) writer.write(memory.addressOf(unreadable));
    const { provider, bytes, address } = records[below(random, records.length)]!;
    const [head, tail] = [word(ring.ring, WORD.head), word(ring.ring, WORD.tail)];
    slots = slots.filter(({ end }) => ((end - tail) | 0) > 0);
    const base = head === tail ? head : word(ring.ring, WORD.base);
    const toEnd = capacity - ((head - base) & (capacity - 1));
    const needed = bytes <= toEnd ? bytes : toEnd + bytes;
    const reserved = list.map(({ ringShare }, other) => {
      const used = slots.reduce((sum, slot) => sum + (slot.provider === other ? slot.bytes : 0), 0);
      return other === provider ? 0 : Math.max(0, ringShare * capacity - used);
    });
    const room = capacity - ((head - tail) >>> 0) - reserved.reduce((sum, part) => sum + part, 0);
    const before = refused(ring)[provider]!;
    writer.write(address);
    const admitted = refused(ring)[provider] === before;
    assert.equal(admitted, needed <= room, `step ${step}: ${needed} bytes, room ${room}`);
    if (admitted) slots.push({ provider, bytes: needed, end: (head + needed) | 0 });
    outcomes[admitted ? 'admitted' : 'refused']++;
  }
  assert.ok(outcomes.admitted > 5000 && outcomes.refused > 5000, JSON.stringify(outcomes));
});
