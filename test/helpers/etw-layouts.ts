// One event of every layout that is decoded, in every version, with every form of address and both sizes of pointers: the seeds of fuzzing and of measurements.
import {
  type BuiltEvent,
  connectByName,
  connectionResult,
  dnsAnswered,
  dnsAsked,
  type Ends,
  type HeadOptions,
  processStart,
  processStop,
  rundown,
  summary,
  tcbAndAddresses,
} from './etw-builder.ts';

const forms = [
  { local: '10.1.2.3:50000', remote: '192.168.254.255:443' },
  { local: '[fd00::5]:50000', remote: '[2001:db8::9]:443' },
  { local: '[::ffff:a01:203]:50000', remote: '[::ffff:c0a8:fefe]:443' },
  { local: '', remote: '' },
];
const TCB = 0xffff_c00f_1234_5678n;
const versions = (newest: number) => Array.from({ length: newest + 1 }, (_, version) => version);

/** TCP events only. */
export const tcpLayouts: readonly BuiltEvent[] = [
  ...forms.flatMap((ends) => tcpEvents(ends)),
  ...tcpEvents(forms[0]!, { narrow: true }),
];

function tcpEvents(ends: Ends, head?: HeadOptions): BuiltEvent[] {
  const values = { ...ends, tcb: TCB };
  return [
    ...[1017, 1033, 1034, 1038, 1039, 1045, 1046].flatMap((id) =>
      versions(1).map((version) => connectionResult(id, version, { ...values, processId: 4321 }, head)),
    ),
    ...versions(2).map((version) => connectionResult(1043, version, { ...values, processId: 4321 }, head)),
    ...[1002, 1183, 1184, 1186, 1187].map((id) => tcbAndAddresses(id, values, head)),
    ...versions(3).map((version) => rundown(version, { ...values, processId: 4321 }, head)),
    connectByName({ ...values, name: 'shop.example.com' }, head),
    ...versions(1).map((version) =>
      summary(version, { ...values, bytesOut: 1000, bytesIn: 2000, connectionTimeMs: 50, rttUs: 300 }, head),
    ),
  ];
}

const query = { name: 'shop.example.com', type: 28, options: 0x4000_6000n };
const image = '\\Device\\HarddiskVolume3\\Windows\\System32\\svchost.exe';
const process = { processId: 900, createdAtMs: 1_767_225_500_000, image };

export const allLayouts: readonly BuiltEvent[] = [
  ...tcpLayouts,
  dnsAsked(query, { containerId: 'c0ffee' }),
  dnsAnswered({ ...query, results: '::ffff:192.0.2.7;type:  5 www.example.com;' }),
  ...versions(5).map((version) => processStart(version, { ...process, sidParts: 3 })),
  ...versions(2).map((version) => processStop(version, { ...process, cycles: 7_500_000_000n })),
];
