// Adapters and compartments from bytes: linked lists with addresses, lists with cycles and damaged lists.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoundsError, ForeignBuffer } from '../../../src/native/buffer.ts';
import type { AdapterRecord } from '../../../src/sources/host.ts';
import { parseAdapters, parseCompartments } from '../../../src/sources/poll/adapters.ts';
import { adapterList, BASE, type BuiltAdapter } from '../../helpers/foreign-memory.ts';
import { mutate, truncateEverywhere } from '../../helpers/fuzz.ts';

const linkLocal6 = [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 0, 3, 0, 4];
const ethernet: BuiltAdapter = {
  ifIndex: 12,
  ipv6IfIndex: 13,
  friendlyName: 'Ethernet Grün 2',
  ifType: 6,
  operStatus: 1,
  compartmentId: 1,
  unicast: [[10, 0, 0, 5], null, linkLocal6, 'other family', [192, 168, 7, 255]],
};
const container: BuiltAdapter = {
  ipv6IfIndex: 33,
  friendlyName: 'vEthernet (nat)',
  ifType: 71,
  operStatus: 2,
  compartmentId: 3,
  unicast: [],
};
const nameless: BuiltAdapter = { ifIndex: 1, ifType: 24, operStatus: 1, compartmentId: 3, unicast: [[127, 0, 0, 1]] };

const parse = (memory: { bytes: Buffer }) => parseAdapters(new ForeignBuffer(memory.bytes, BASE));
const compartments = (memory: { bytes: Buffer }) => parseCompartments(new ForeignBuffer(memory.bytes, BASE));

test('adapters are read with their addresses, in the order of the list', () => {
  assert.deepEqual(parse(adapterList([ethernet, container, nameless])), [
    {
      index: 12,
      name: 'Ethernet Grün 2',
      type: 6,
      up: true,
      addresses: ['10.0.0.5', 'fe80::1:2:3:4', '192.168.7.255'],
    },
    { index: 33, name: 'vEthernet (nat)', type: 71, up: false, addresses: [] },
    { index: 1, name: '', type: 24, up: true, addresses: ['127.0.0.1'] },
  ]);
});

test('only the status "up" counts as up', () => {
  // IF_OPER_STATUS: 1 up, 2 down, 3 testing, 4 unknown, 5 dormant, 6 not present, 7 lower layer down.
  const built = [1, 2, 3, 4, 5, 6, 7].map((operStatus) => ({ operStatus }));
  assert.deepEqual(
    parse(adapterList(built)).map(({ up }) => up),
    [true, false, false, false, false, false, false],
  );
});

test('each compartment is returned once and in order; 0 is no compartment', () => {
  const ids = [3, 1, 12, 3, 0, 2].map((compartmentId) => ({ compartmentId }));
  assert.deepEqual(compartments(adapterList(ids)), [1, 2, 3, 12]);
});

test('a list with a cycle ends, and each adapter and address is returned once', () => {
  const memory = adapterList([ethernet, container]);
  const first = 0;
  const second = Number(memory.bytes.readBigUInt64LE(8) - BASE);
  const honest = parse(memory);
  for (const target of [first, second]) {
    memory.pointer(second + 8, target);
    assert.deepEqual(parse(memory), honest);
    assert.deepEqual(compartments(memory), [1, 3]);
  }
  const addresses = adapterList([
    {
      unicast: [
        [10, 0, 0, 1],
        [10, 0, 0, 2],
      ],
    },
  ]);
  const firstAddress = Number(addresses.bytes.readBigUInt64LE(24) - BASE);
  const secondAddress = Number(addresses.bytes.readBigUInt64LE(firstAddress + 8) - BASE);
  addresses.pointer(secondAddress + 8, firstAddress);
  assert.deepEqual(parse(addresses)[0]!.addresses, ['10.0.0.1', '10.0.0.2']);
});

test('cycles in both lists cost no more time than lists without', { timeout: 5_000 }, () => {
  const memory = adapterList([{ unicast: [[10, 0, 0, 1]] }]);
  const address = Number(memory.bytes.readBigUInt64LE(24) - BASE);
  memory.pointer(8, 0);
  memory.pointer(address + 8, address);
  assert.deepEqual(parse(memory), [{ index: 0, name: '', type: 0, up: false, addresses: ['10.0.0.1'] }]);
});

test('a pointer outside of the buffer is refused', () => {
  for (const field of [8, 24, 72]) {
    for (const value of [1n, BASE - 8n, BASE + 0x100000n, 0xffff_ffff_ffff_fff8n]) {
      const memory = adapterList([ethernet]);
      memory.u64(field, value);
      assert.throws(() => parse(memory), BoundsError, `field ${field}`);
    }
  }
});

test('a truncated list is refused', () => {
  // The buffer ends with an IPv4 address in a field of 28 bytes, of which 8 are read.
  assert.equal(truncateEverywhere(parseAdapters, adapterList([ethernet]).bytes), 1 + 28 - 8);
});

test('20,000 damaged lists never give more adapters than the buffer can hold', { timeout: 60_000 }, () => {
  const { bytes } = adapterList([ethernet, container, nameless]);
  mutate(parseAdapters, bytes, 20_000, 4, (result) => {
    const adapters = result as AdapterRecord[];
    const addresses = adapters.reduce((sum, adapter) => sum + adapter.addresses.length, 0);
    assert.ok(adapters.length + addresses < bytes.length / 8, `${adapters.length} adapters, ${addresses} addresses`);
  });
  mutate(parseCompartments, bytes, 20_000, 5);
});
