// Metrics of the node under Wine, compared with those of Linux; disk counters by a double.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { whyNoCompiler } from '../../scripts/lib/mingw.ts';
import { openWine, whyNoWine } from '../../scripts/lib/wine.ts';
import { startWineAgent } from '../helpers/wine-agent.ts';
import { useDoubles } from './doubles/doubles.ts';

const skip = (await whyNoWine()) || (await whyNoCompiler());

/** Received bytes and packets of an interface, from the kernel. */
function linuxReceived(name: string): { bytes: number; packets: number } {
  const row = readFileSync('/proc/net/dev', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/[:\s]+/))
    .find(([first]) => first === name);
  return { bytes: Number(row?.[1] ?? Number.NaN), packets: Number(row?.[2] ?? Number.NaN) };
}

/** Seconds of all processors in user and nice mode: https://www.kernel.org/doc/html/latest/filesystems/proc.html */
function linuxUserSeconds(): number {
  const [, user, nice] = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]!.split(/\s+/).map(Number);
  return (user! + nice!) / 100;
}

test('the node under Wine', { skip }, async (t) => {
  await using wine = await openWine();
  const folder = mkdtempSync('/tmp/coroot-agent-node-');
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'disks.txt');
  const disks = (queryMs: number, idleMs: number, reads: number) =>
    writeFileSync(
      file,
      `${reads} 7 1000 2000 ${15_000 * 10_000} ${5000 * 10_000} ${idleMs * 10_000} ${queryMs * 10_000}\n`,
    );
  disks(100_000, 90_000, 0xffff_ffff);
  const references = join(folder, 'references.txt');
  const doubles = await useDoubles(wine, ['diskCounters']);
  const before = { cpu: linuxUserSeconds(), eth0: linuxReceived('eth0') };
  const agent = await startWineAgent(wine, {
    ...doubles,
    env: {
      ...doubles.env,
      COROOT_TEST_DISKS: wine.toWindowsPath(file),
      COROOT_TEST_DISK_REFERENCES: wine.toWindowsPath(references),
    },
  });
  /** Values by series, without the ids of the machine. */
  const metrics = async (): Promise<Map<string, number>> => {
    const text = await (await fetch(`http://${agent.address}/metrics`)).text();
    const rows = text.split('\n').filter((line) => line.startsWith('node_'));
    return new Map(
      rows.map((row) => [
        row
          .replace(/(machine_id|system_uuid)="[^"]*",?/g, '')
          .replace(/[{,]*\} .*$/, '')
          .replace('{', ' '),
        Number(row.split(' ').at(-1)),
      ]),
    );
  };

  await t.test('processors and memory equal those of Linux', async () => {
    const found = await metrics();
    assert.equal(found.get('node_resources_cpu_logical_cores'), availableParallelism());
    assert.ok(Math.abs(found.get('node_resources_memory_total_bytes')! - totalmem()) < 0.01 * totalmem());
    const parts = ['free', 'cached'].map((part) => found.get(`node_resources_memory_${part}_bytes`)!);
    assert.equal(parts[0]! + parts[1]!, found.get('node_resources_memory_available_bytes'));
    const user = found.get('node_resources_cpu_usage_seconds_total mode="user"')!;
    assert.ok(
      user >= before.cpu - 1 && user <= linuxUserSeconds() + 1,
      `${user} s between ${before.cpu} and ${linuxUserSeconds()}`,
    );
  });

  await t.test(
    'the traffic of a network card equals the counters of the kernel',
    { skip: Number.isNaN(before.eth0.bytes) && 'there is no eth0 here' },
    async () => {
      await agent.passes(1);
      const found = await metrics();
      const after = linuxReceived('eth0');
      const bytes = found.get('node_net_received_bytes_total interface="eth0"')!;
      const packets = found.get('node_net_received_packets_total interface="eth0"')!;
      assert.ok(
        bytes >= before.eth0.bytes && bytes <= after.bytes,
        `${bytes} between ${before.eth0.bytes} and ${after.bytes}`,
      );
      assert.ok(packets >= before.eth0.packets && packets <= after.packets);
    },
  );

  await t.test('handles the wrap of the operation count, busy time and fractions in disk counters', async () => {
    disks(100_500, 90_249.5, 4);
    await agent.passes(1);
    const found = await metrics();
    const diskMetric = (name: string) => found.get(`node_resources_disk_${name} device="C:"`);
    assert.equal(diskMetric('reads_total'), 0xffff_ffff + 5);
    assert.equal(diskMetric('writes_total'), 7);
    assert.equal(diskMetric('read_bytes_total'), 1000);
    assert.equal(diskMetric('read_time_seconds_total'), 15);
    assert.ok(
      Math.abs(diskMetric('io_time_seconds_total')! - 0.2505) < 1e-6,
      String(diskMetric('io_time_seconds_total')),
    );
  });

  await t.test('holds one reference to the counters of each volume, and none after its end', async () => {
    await agent.passes(2);
    const { disks } = await agent.client.node();
    // A read takes a second one for a moment.
    const held = Number(readFileSync(references, 'utf8'));
    assert.ok(held >= disks.length && held <= disks.length + 1, `${held} references to ${disks.length} volumes`);
    assert.equal((await agent.stop()).code, 0);
    assert.equal(readFileSync(references, 'utf8'), '0\n');
  });
});
