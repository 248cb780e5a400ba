// Encoding and decoding of tapes: hand-written lines, and round trips of generated observations.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { HostHeader, Observation, ObservationKind, ServiceRecord } from '../../../src/sources/host.ts';
import { encodeEnd, encodeHeader, encodeObservation } from '../../../src/sources/tape/format.ts';
import {
  aHeader,
  anAdapter,
  anIdentity,
  aService,
  observation,
  processTable,
  TapeBuilder,
  tcpTable,
  unavailable,
} from '../../helpers/observations.ts';
import { endLine, HEADER_LINE, readAll, SYSTEM_LINE, seeded, TCP_LINE, TICK_LINE, tapeText } from './support.ts';

const SMALL = new TapeBuilder()
  .add('system', { uptimeMs: 3_600_000 })
  .add('tcp', [
    tcpTable(4, [
      { local: '0.0.0.0:80', pid: 700 },
      { local: '10.0.0.5:80', remote: '1.2.3.4:50000', pid: 700 },
    ]),
  ])
  .tick().observations;

describe('the text of a tape', () => {
  it('matches hand-written lines', () => {
    assert.equal(encodeHeader(aHeader()), HEADER_LINE);
    assert.deepEqual(SMALL.map(encodeObservation), [SYSTEM_LINE, TCP_LINE, TICK_LINE]);
    assert.equal(encodeEnd({ observations: 3, dropped: {} }), endLine(3));
  });

  it('is decoded as text and as gzip, in chunks of any size', async () => {
    const text = tapeText(HEADER_LINE, SYSTEM_LINE, TCP_LINE, TICK_LINE, endLine(3));
    for (const bytes of [Buffer.from(text), gzipSync(text)]) {
      for (const chunkBytes of [1, 7, 64, 65_536]) {
        const { header, observations, error, tape } = await readAll(bytes, { chunkBytes });
        assert.equal(error, undefined);
        assert.deepEqual(header, aHeader());
        assert.deepEqual(observations, SMALL);
        assert.deepEqual(tape?.end, { observations: 3, dropped: {} });
      }
    }
  });

  it('may have CRLF line ends', async () => {
    const text = tapeText(HEADER_LINE, SYSTEM_LINE, endLine(1)).replaceAll('\n', '\r\n');
    const { observations, error } = await readAll(text);
    assert.equal(error, undefined);
    assert.deepEqual(observations, SMALL.slice(0, 1));
  });

  it('ignores unknown fields and counts unknown kinds', async () => {
    const text = tapeText(
      HEADER_LINE.replace('"schema":1', '"schema":1,"colour":"red"'),
      SYSTEM_LINE.replace('"uptimeMs"', '"new":[1],"uptimeMs"'),
      SYSTEM_LINE.replace('"seq":1', '"seq":2').replace('"system"', '"weather"'),
      SYSTEM_LINE.replace('"seq":1', '"seq":3').replace('"system"', '"constructor"'),
      endLine(3),
    );
    const { observations, tape, error } = await readAll(text);
    assert.equal(error, undefined);
    assert.deepEqual(observations, SMALL.slice(0, 1));
    assert.deepEqual(tape?.skipped, { weather: 1, constructor: 1 });
  });

  it('is not written for values that decoding would refuse', () => {
    const refused: [Observation, RegExp][] = [
      [observation('system', { uptimeMs: Number.NaN }), /^data\.uptimeMs is not a time/],
      [
        observation('processes', processTable([{ pid: 1, userMs: Number.POSITIVE_INFINITY }])),
        /^data\.userMs\[0\] is not a finite number/,
      ],
      [observation('processes', { ...processTable([{ pid: 1 }]), count: 2 }), /^data\.pid is not a list of 2 entries/],
      [
        observation('tcp', [{ ...tcpTable(4, [{ local: '1.2.3.4:1', pid: 1 }]), family: 6 }]),
        /^data\[0\]\.localAddress is not 16 bytes long/,
      ],
      [observation('services', [aService({ name: 'x'.repeat(65_537) })]), /^data\[0\]\.name is not a text of at most/],
      [observation('tick', { intervalMs: 1 }, { seq: 0.5 }), /^observation\.seq is not a whole number/],
    ];
    for (const [bad, message] of refused) assert.throws(() => encodeObservation(bad), { name: 'FieldError', message });
  });
});

describe('a round trip', () => {
  it('preserves generated observations of every generated kind', async () => {
    const random = seeded(20_260_101);
    const expected = Array.from({ length: 300 }, (_, index) => generate(random, index));
    const kinds = new Set(expected.map(({ kind }) => kind));
    assert.equal(kinds.size, GENERATORS.length);
    const lines = expected.map(encodeObservation);
    const { observations, error } = await readAll(tapeText(HEADER_LINE, ...lines, endLine(300)));
    assert.equal(error, undefined);
    assert.deepEqual(observations, expected);
  });

  it('preserves headers with setting names such as __proto__', async () => {
    const header: HostHeader = aHeader({
      settings: Object.fromEntries([
        ['__proto__', 'a'],
        ['listen', '127.0.0.1:8080 "quoted" \u2028 é \ud800'],
      ]),
      standIns: [{ part: 'scm', replacement: 'double' }],
      dropped: { 'ring full': 12 },
      processors: { logical: 96, groups: [64, 32] },
    });
    const read = await readAll(tapeText(encodeHeader(header), endLine(0)));
    assert.equal(read.error, undefined);
    assert.deepEqual(read.header, header);
  });
});

type Random = (limit: number) => number;

const u32 = (random: Random): number => [0, 1, 0xffff_ffff, random(2 ** 32)][random(4)]!;
const bytes = (random: Random): number => [0, random(2 ** 50), 1.5, Number.MAX_VALUE][random(4)]!;
const word = (random: Random): string =>
  Array.from({ length: random(12) }, () => String.fromCharCode([random(128), random(0x10000)][random(2)]!)).join('');
const many = <T>(random: Random, make: (random: Random) => T): T[] =>
  Array.from({ length: random(6) }, () => make(random));
const maybe = <T extends object>(random: Random, part: T): T | Record<never, never> => (random(2) ? part : {});
const missing = (random: Random) => ({
  part: word(random),
  reason: word(random),
  ...maybe(random, { code: u32(random) - 2 ** 31 }),
});
const ip4 = (random: Random): string => Array.from({ length: 4 }, () => random(256)).join('.');
const ip6 = (random: Random): string => `[${Array.from({ length: 8 }, () => random(0x10000).toString(16)).join(':')}]`;

function service(random: Random): ServiceRecord {
  const { config, ...unread } = fullService(random);
  return random(4) === 0 ? { ...unread, configUnavailable: missing(random) } : { ...unread, config: config! };
}

const fullService = (random: Random): ServiceRecord =>
  aService({
    name: word(random),
    displayName: word(random),
    serviceType: u32(random),
    state: 1 + random(7),
    pid: u32(random),
    win32ExitCode: u32(random),
    serviceExitCode: u32(random),
    config: {
      startType: random(5),
      binaryPath: word(random),
      account: word(random),
      ...maybe(random, { delayedAutoStart: random(2) === 1 }),
      ...maybe(random, { triggers: random(9) }),
    },
  });

const processRow = (random: Random) => ({
  pid: u32(random),
  parentPid: u32(random),
  sessionId: u32(random),
  createdAtMs: random(2 ** 41),
  userMs: bytes(random),
  kernelMs: bytes(random),
  workingSetBytes: bytes(random),
  privateWorkingSetBytes: bytes(random),
  reads: bytes(random),
  writes: bytes(random),
  readBytes: bytes(random),
  writtenBytes: bytes(random),
  threads: u32(random),
  handles: u32(random),
  name: word(random),
  ...maybe(random, {
    imagePath: word(random),
    pageFaults: u32(random),
    hardFaults: u32(random),
    cycles: bytes(random),
    diskReads: bytes(random),
    diskWrites: bytes(random),
    diskReadBytes: bytes(random),
    diskWrittenBytes: bytes(random),
    jobId: u32(random),
  }),
});

function tcpRow(random: Random, address: (random: Random) => string) {
  const end = (): string => `${address(random)}:${random(65_536)}`;
  return { local: end(), ...maybe(random, { remote: end() }), state: random(256), pid: u32(random) };
}

const GENERATORS: readonly ((random: Random) => [ObservationKind, never])[] = [
  (r) => [
    'identity',
    anIdentity({ hostname: word(r), machineId: word(r), systemUuid: word(r), kernelVersion: word(r) }) as never,
  ],
  (r) => ['system', { uptimeMs: r(2 ** 40) + r(1000) / 1000 } as never],
  (r) => ['services', many(r, service) as never],
  (r) => ['processes', processTable(many(r, processRow)) as never],
  (r) => [
    'jobs',
    many(r, () => ({
      name: word(r),
      pids: many(r, u32),
      ...maybe(r, { memoryLimitBytes: bytes(r), processMemoryLimitBytes: bytes(r), cpuShare: 0.25 }),
    })) as never,
  ],
  (r) => [
    'adapters',
    many(r, () =>
      anAdapter({ index: u32(r), name: word(r), type: u32(r), up: r(2) === 0, addresses: many(r, ip4) }),
    ) as never,
  ],
  (r) => [
    'tcp',
    [
      tcpTable(
        4,
        many(r, () => tcpRow(r, ip4)),
        u32(r),
      ),
      tcpTable(
        6,
        many(r, () => tcpRow(r, ip6)),
        u32(r),
      ),
    ] as never,
  ],
  (r) => ['tick', { intervalMs: u32(r) } as never],
];

function generate(random: Random, index: number): Observation {
  const [kind, data] = GENERATORS[index % GENERATORS.length]!(random);
  const at = { seq: 10 + index * 3, atMs: index * 7.25 };
  if (random(8) === 0) return unavailable(kind, missing(random), at);
  return observation(kind, data, { ...at, ...maybe(random, { degraded: many(random, missing) }) });
}
