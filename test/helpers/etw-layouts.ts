// One event of each decoded layout, in every version, with every form of address and both pointer sizes.
import {
  type BuiltEvent,
  connectByName,
  connectionResult,
  dnsAnswered,
  dnsAsked,
  type EndpointValues,
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

/** The TCP events among them. */
export const tcpLayouts: readonly BuiltEvent[] = [
  ...forms.flatMap((endpoints) => tcpEvents(endpoints)),
  ...tcpEvents(forms[0]!, { narrow: true }),
];

function tcpEvents(endpoints: EndpointValues, head?: HeadOptions): BuiltEvent[] {
  const values = { ...endpoints, tcb: TCB };
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

const request = { name: 'shop.example.com', type: 28, options: 0x4000_6000n };
const image = '\\Device\\HarddiskVolume3\\Windows\\System32\\svchost.exe';
const process = { processId: 900, createdAtMs: 1_767_225_500_000, image };

export const allLayouts: readonly BuiltEvent[] = [
  ...tcpLayouts,
  dnsAsked(request, { containerId: 'c0ffee' }),
  dnsAnswered({ ...request, results: '::ffff:192.0.2.7;type:  5 www.example.com;' }),
  ...versions(5).map((version) => processStart(version, { ...process, sidParts: 3 })),
  ...versions(2).map((version) => processStop(version, { ...process, cycles: 7_500_000_000n })),
];
