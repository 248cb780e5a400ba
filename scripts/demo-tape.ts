// `npm run demo-tape`: records docs/demo/shop.tape.gz from the Wine mesh, with a double for the services that Wine cannot have.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HostHeader, Observation } from '../src/sources/host.ts';
import { openTape } from '../src/sources/tape/read-tape.ts';
import { createRecorder } from '../src/sources/tape/recorder.ts';
import { until } from '../test/helpers/poll.ts';
import { useDoubles } from '../test/windows/doubles/doubles.ts';
import { createMesh } from '../test/windows/mesh/mesh.ts';
import { windowsBuild } from './lib/windows-build.ts';
import { openWine } from './lib/wine.ts';

const tape = 'docs/demo/shop.tape.gz';
const intervalMs = 5000;
const rounds = 24;
/** Services younger than this are not reported. */
const minimalAgeMs = 30_000;

/** What a Windows Server has and Wine does not; see test/windows/doubles/services-script.h. */
const scripted = [
  'name=WinDefend|display=Microsoft Defender Antivirus Service|start=2|state=4|pid=0|type=0x10|deny=open',
  'name=CDPUserSvc_3f1c2|display=Connected Devices Platform User Service_3f1c2|start=2|state=4|pid=0|type=0xd0',
  'name=CDPUserSvc|display=Connected Devices Platform User Service|start=2|state=1|type=0x50',
  'name=W32Time|display=Windows Time|start=2|state=4|pid=0|type=0x20|triggers=2',
  'name=RemoteRegistry|display=Remote Registry|start=4|state=1|type=0x20',
];
/** What the disks of a small shop do, a second at a time; see test/windows/doubles/disk-counters.c. */
function diskLine(seconds: number): string {
  const busyTicks = seconds * 800_000;
  const [reads, writes] = [seconds * 40, seconds * 90];
  return [
    reads,
    writes,
    reads * 16_384,
    writes * 8192,
    reads * 4000,
    writes * 6000,
    seconds * 10_000_000 - busyTicks,
    seconds * 10_000_000,
  ].join(' ');
}

const standIns = [
  {
    part: `services ${scripted.map((line) => line.slice(5).split('|', 1)[0]).join(', ')}`,
    by: 'a double of advapi32 built from the headers',
  },
];

const diskStandIn = { part: 'disk counters', by: 'a double of kernel32 built from the headers' };

/** Demo programs lie in a folder of the machine that recorded: the tape gets a path that a shop would have. */
const demoPath = { part: 'paths of the demo services', by: 'C:\\Shop' };
function withoutPaths(observation: Observation): Observation {
  if (observation.kind !== 'services' || !observation.data) return observation;
  const data = observation.data.map((service) => {
    const binaryPath = service.config?.binaryPath.replace(/^"?Z:\\[^" ]*\\([^\\" ]+)"?/, 'C:\\Shop\\$1');
    return service.config && binaryPath !== undefined ? { ...service, config: { ...service.config, binaryPath } } : service;
  });
  return { ...observation, data };
}

const folder = mkdtempSync('/tmp/coroot-agent-demo-');
try {
  if (spawnSync(process.execPath, ['scripts/build.ts'], { stdio: 'inherit' }).status !== 0) throw new Error('the build failed');
  await using wine = await openWine();
  const mesh = await createMesh(wine);
  console.log('Starting the demo services ...');
  await mesh.start();
  const script = join(folder, 'services.txt');
  writeFileSync(script, scripted.join('\n'));
  const doubles = await useDoubles(wine, ['services', 'diskCounters']);
  const disks = join(folder, 'disks.txt');
  let seconds = 36_000;
  const writeDisks = (): void => writeFileSync(disks, `${diskLine(seconds++)}\n`);
  writeDisks();
  const diskTimer = setInterval(writeDisks, 1000);
  const raw = join(folder, 'raw.tape.gz');
  const build = await windowsBuild();
  console.log(`Waiting ${minimalAgeMs / 1000} s, so that they count ...`);
  await sleep(minimalAgeMs);
  const duration = `${(intervalMs * (rounds - 1)) / 1000}s`;
  const args = ['record', wine.toWindowsPath(raw), '--for', duration, '--scrape-interval', `${intervalMs / 1000}s`];
  const recording = wine.spawn(build.node, [...doubles.nodeArgs, wine.toWindowsPath(build.main), ...args], {
    env: { ...doubles.env, COROOT_TEST_SERVICES: wine.toWindowsPath(script), COROOT_TEST_DISKS: wine.toWindowsPath(disks) },
  });
  const round = async (number: number): Promise<void> => {
    await until(`round ${number}`, 120_000, () =>
      readFileSync(recording.stdoutPath, 'utf8').includes(`round ${number} of`) ? true : undefined,
    );
  };
  await round(6);
  console.log('Restarting billing ...');
  await mesh.restart('billing');
  await round(10);
  console.log('Stopping stock-reader, starting backup-agent ...');
  await mesh.stop(['stock-reader']);
  await mesh.start(['backup-agent']);
  await round(18);
  console.log('Restarting billing again ...');
  await mesh.restart('billing');
  const { code, stdout, stderr } = await recording.wait();
  clearInterval(diskTimer);
  if (code !== 0) throw new Error(`the recording failed: ${stdout}${stderr}`);

  mkdirSync('docs/demo', { recursive: true });
  await using source = await openTape(raw);
  const header: HostHeader = { ...source.header, standIns: [...source.header.standIns, ...standIns, diskStandIn, demoPath] };
  const recorder = await createRecorder(tape, header, { overwrite: true });
  for await (const observation of source.observations) recorder.write(withoutPaths(observation));
  await recorder.close();
  const { observations, bytes, dropped } = recorder.stats();
  console.log(`${tape}: ${observations} observations, ${bytes} bytes, dropped ${JSON.stringify(dropped)}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
