// The cloud by the texts of the firmware: those that each platform is known to have.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectCloud } from '../../../src/sources/cloud/detect.ts';
import { parseFirmware } from '../../../src/sources/cloud/firmware.ts';
import { type FirmwareTexts, firmwareTables } from '../../helpers/firmware.ts';
import { below, seeded } from '../../helpers/random.ts';

const AZURE_TAG = '7783-7084-3265-9085-8269-3286-77';
const hyperV = ['Microsoft Corporation', 'Virtual Machine', '7.0', '1519-7810-4472-8775-7272-8851-12'] as const;
const qemu = ['QEMU', 'Standard PC (i440FX + PIIX, 1996)'] as const;

const inClouds: Readonly<Record<string, [FirmwareTexts, string]>> = {
  'AWS Nitro': [
    {
      bios: ['Amazon EC2', '1.0'],
      system: ['Amazon EC2', 't3.micro', '', 'ec24f7a0-034a-ac60-1c01-d03ed0ae0484'],
      uuid: 'a0f724ec4a0360ac1c01d03ed0ae0484',
      chassis: ['Amazon EC2', 'Amazon EC2'],
    },
    'AWS',
  ],
  'AWS Xen with a UUID in the order of its text': [
    {
      bios: ['Xen', '4.11.amazon'],
      system: ['Xen', 'HVM domU', '4.11.amazon'],
      uuid: 'ec23aef554be48438d248c819f88453e',
    },
    'AWS',
  ],
  'AWS Xen with the first field of the UUID in the other order': [
    {
      bios: ['Xen', '4.2.amazon'],
      system: ['Xen', 'HVM domU', '4.2.amazon'],
      uuid: '45e12aec54be48438d248c819f88453e',
    },
    'AWS',
  ],
  GCP: [{ system: ['Google', 'Google Compute Engine'], board: ['Google', 'Google Compute Engine'] }, 'GCP'],
  Azure: [
    {
      system: hyperV,
      board: ['Microsoft Corporation', 'Virtual Machine'],
      chassis: ['Microsoft Corporation', AZURE_TAG],
    },
    'Azure',
  ],
  Hetzner: [{ system: ['Hetzner', 'vServer', '20171111', '123456'], board: ['KVM', 'KVM Virtual Machine'] }, 'Hetzner'],
  DigitalOcean: [{ system: ['DigitalOcean', 'Droplet'], board: ['DigitalOcean', 'Droplet'] }, 'DigitalOcean'],
  'Alibaba, which has no board': [{ system: ['Alibaba Cloud', 'Alibaba Cloud ECS', 'pc-i440fx-2.1'] }, 'Alibaba'],
  Scaleway: [{ system: ['Scaleway', 'SCW-GP1-XS'] }, 'Scaleway'],
  'IBM by the chassis': [{ system: qemu, chassis: ['IBM:Cloud Compute Server 1.0:cx2-2x4', 'ibmcloud'] }, 'IBM'],
  'IBM by the system': [{ system: ['IBM:Cloud Compute Server 1.0:cx2-2x4', 'x'] }, 'IBM'],
  'Oracle by the asset tag': [{ system: qemu, chassis: ['QEMU', 'OracleCloud.com'] }, 'Oracle'],
  'Oracle by the system': [{ system: ['OracleCloud.com', 'x'] }, 'Oracle'],
  'a text with spaces around it': [{ system: ['  Hetzner ', 'vServer'] }, 'Hetzner'],
};

for (const [name, [texts, provider]] of Object.entries(inClouds)) {
  test(`recognises ${name}`, () => {
    assert.deepEqual(detectCloud(parseFirmware(firmwareTables(texts))), { provider, certain: true });
  });
}

const elsewhere: Readonly<Record<string, FirmwareTexts>> = {
  'Hyper-V on premises with an empty asset tag': {
    system: hyperV,
    board: ['Microsoft Corporation', 'Virtual Machine'],
    chassis: ['Microsoft Corporation', ''],
  },
  'a Surface': {
    system: ['Microsoft Corporation', 'Surface Pro 9'],
    board: ['Microsoft Corporation', 'Surface Pro 9'],
  },
  VMware: {
    system: ['VMware, Inc.', 'VMware20,1', 'None', 'VMware-42 1a ee 9a 8e 13 ee e5-fc ec 82 3d cd 74 76 94'],
    chassis: ['No Enclosure', 'No Asset Tag'],
  },
  OpenStack: { system: ['OpenStack Foundation', 'OpenStack Nova'], chassis: ['QEMU', 'OpenTelekomCloud'] },
  'a cloud with the interface of EC2': {
    system: ['3DS Outscale', '3DS Outscale VM'],
    uuid: 'ec2aef5054be48438d248c819f88453e',
  },
  'a random UUID with the prefix of AWS': {
    system: ['Dell Inc.', 'PowerEdge R740'],
    uuid: 'ec2aef5054be48438d248c819f88453e',
  },
  'firmware with placeholders': {
    system: ['To Be Filled By O.E.M.', 'Default string'],
    board: ['System manufacturer', 'x'],
  },
  'tables without any structure': {},
};

for (const [name, texts] of Object.entries(elsewhere)) {
  test(`finds no cloud in ${name}`, () => {
    assert.equal(detectCloud(parseFirmware(firmwareTables(texts))), undefined);
  });
}

test('is not certain of Azure when the tables have no chassis', () => {
  assert.deepEqual(detectCloud(parseFirmware(firmwareTables({ system: hyperV }))), {
    provider: 'Azure',
    certain: false,
  });
});

test('2,000 damaged tables are read without an error', () => {
  const random = seeded(41);
  const whole = Object.values(inClouds).map(([texts]) => firmwareTables(texts));
  for (let round = 0; round < 2000; round++) {
    const table = Buffer.from(whole[below(random, whole.length)]!);
    for (let change = 0; change < 6; change++) table[below(random, table.length)] = below(random, 256);
    detectCloud(parseFirmware(table.subarray(0, below(random, table.length + 1))));
  }
});
