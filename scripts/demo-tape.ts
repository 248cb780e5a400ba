// `npm run demo-tape`: records docs/demo/shop.tape.gz from the Wine mesh, with doubles for what Wine cannot have: the
// header names them.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HostHeader, Observation } from '../src/sources/host.ts';
import { openTape } from '../src/sources/tape/read-tape.ts';
import { createRecorder } from '../src/sources/tape/recorder.ts';
import { until } from '../test/helpers/poll.ts';
import { useEtwDouble } from '../test/windows/doubles/etw.ts';
import { createMesh } from '../test/windows/mesh/mesh.ts';
import { callersOf, DemoEvents } from './lib/demo-events.ts';
import { LOG_STAND_IN, withDemoLogs } from './lib/demo-logs.ts';
import { writeRefused, writeScenario } from './lib/demo-scenario.ts';
import { compileC } from './lib/mingw.ts';
import { windowsBuild } from './lib/windows-build.ts';
import { openWine } from './lib/wine.ts';

const tape = 'docs/demo/shop.tape.gz';
const intervalMs = 5000;
const rounds = 24;
/** Younger services are not reported. */
const minimalAgeMs = 30_000;
const EVENT_STEP_MS = 200;

/** Services that a Windows Server has and Wine does not; see test/windows/doubles/services-script.h. */
const scripted = [
  'name=WinDefend|display=Microsoft Defender Antivirus Service|start=2|state=4|pid=0|type=0x10|deny=open',
  'name=CDPUserSvc_3f1c2|display=Connected Devices Platform User Service_3f1c2|start=2|state=4|pid=0|type=0xd0',
  'name=CDPUserSvc|display=Connected Devices Platform User Service|start=2|state=1|type=0x50',
  'name=W32Time|display=Windows Time|start=2|state=4|pid=0|type=0x20|triggers=2',
  'name=RemoteRegistry|display=Remote Registry|start=4|state=1|type=0x20',
  ...['name=Dhcp|display=DHCP Client|start=2', 'name=lmhosts|display=TCP/IP NetBIOS Helper|start=3'].map(
    (service) =>
      `${service}|state=4|pid=EVENTLOG|type=0x20|` +
      'path=C:\\Windows\\system32\\svchost.exe -k LocalServiceNetworkRestricted -p',
  ),
];
/** Disk counters of a small shop after a number of seconds; see test/windows/doubles/disk-counters.c. */
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

const GPU_SAMPLE_US = 200_000;

/** A GPU that the catalogue ranks offers with, for 400 ms of every second; see test/windows/doubles/nvml.c. */
function gpuLines(seconds: number, pid: number | undefined): string[] {
  const last = seconds * 5;
  const samples = Array.from({ length: 70 }, (_, i) => last - 69 + i).flatMap((number) => {
    const busy = number % 5 < 2 ? 70 + (number % 23) : 4;
    const timeUs = number * GPU_SAMPLE_US;
    return [`sample 1 ${timeUs} ${busy}`, `sample 2 ${timeUs} ${Math.round(busy / 3)}`];
  });
  const memory = [24_570_000_000, 17_300_000_000, 7_270_000_000];
  return [
    'driver 581.42',
    'gpu',
    'uuid GPU-5d2c7a18-90b3-4f6e-a1d4-7e08c39b52f6',
    'name NVIDIA L4',
    'pci 0 59 0',
    `memory ${memory.join(' ')}`,
    `temperature ${52 + (seconds % 7)}`,
    `power ${38_000 + (seconds % 11) * 900}`,
    'model 1',
    ...samples,
    ...(pid ? [`compute ${pid} 6400000000`, `usage ${last * GPU_SAMPLE_US} ${pid} ${30 + (seconds % 9)}`] : []),
  ];
}

const standIns = [
  {
    part: `services ${scripted.map((line) => line.slice(5).split('|', 1)[0]).join(', ')}`,
    replacement: 'a double of advapi32 built from the headers',
  },
  {
    part: 'events of connections, DNS queries and short-lived processes',
    replacement:
      'a double of advapi32 built from the headers: the events are scripted, and remote hosts outside the shop are invented',
  },
  {
    part: 'bytes and round-trip times of open connections',
    replacement: 'a double of iphlpapi built from the headers',
  },
  {
    part: 'disk counters, and limits of the job that MSSQL$REPORTING is in',
    replacement: 'doubles of kernel32 built from the headers',
  },
  { part: 'the GPU', replacement: 'a double of nvml.dll, built after NVIDIA’s documentation' },
  { part: 'paths of the demo services', replacement: 'C:\\Shop' },
  LOG_STAND_IN,
];

/** Replaces the folder of the demo programs on the recording machine by a path that a shop would use. */
const shopPath = (path: string): string => path.replace(/^"?Z:\\[^" ]*\\([^\\" ]+)"?/, 'C:\\Shop\\$1');

function withoutPaths(observation: Observation): Observation {
  if (observation.kind === 'processes' && observation.data?.imagePath) {
    return { ...observation, data: { ...observation.data, imagePath: observation.data.imagePath.map(shopPath) } };
  }
  if (observation.kind !== 'services' || !observation.data) return observation;
  const data = observation.data.map((service) =>
    service.config
      ? { ...service, config: { ...service.config, binaryPath: shopPath(service.config.binaryPath) } }
      : service,
  );
  return { ...observation, data };
}

/** Addresses of this machine, which are also those of the adapters on the tape. */
function ownAddresses(): { v4: string; v6: string } {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const of = (family: string) =>
    all.find((each) => each.family === family && !each.internal && !each.address.startsWith('fe80'))?.address;
  return { v4: of('IPv4') ?? '192.0.2.2', v6: of('IPv6') ?? 'fd00::2' };
}

/**
 * As winnt.h numbers them: JOB_OBJECT_LIMIT_JOB_MEMORY; JOB_OBJECT_CPU_RATE_CONTROL_ENABLE and HARD_CAP, in hundredths
 * of a per cent.
 */
const jobLimits = `${0x200} 0 ${512 * 2 ** 20} ${0x1 | 0x4} 5000\n`;

const folder = mkdtempSync('/tmp/coroot-agent-demo-');
try {
  if (spawnSync(process.execPath, ['scripts/build.ts'], { stdio: 'inherit' }).status !== 0)
    throw new Error('the build failed');
  await using wine = await openWine();
  // Wine stops its services when no other program runs for some seconds, so everything is compiled before they start.
  const holder = await compileC({ source: 'test/windows/job-holder.c', kind: 'exe' });
  const double = await useEtwDouble(wine, ['cpu 2500', 'follow'], {
    others: ['services', 'diskCounters', 'jobLimits', 'tcpStatistics'],
  });
  const nvml = await compileC({ source: 'test/windows/doubles/nvml.c', kind: 'dll' });
  copyFileSync(nvml, join(wine.prefix, 'drive_c', 'windows', 'system32', 'nvml.dll'));
  const build = await windowsBuild();
  const mesh = await createMesh(wine);
  console.log('Starting the demo services ...');
  await mesh.start();
  const pids = new Map<string, number>();
  const readPids = async (): Promise<void> => {
    for (const { name, pid } of await mesh.scm.query(mesh.services.map(({ name }) => name))) pids.set(name, pid);
  };
  await readPids();
  const [script, disks, jobs, gpus, raw] = ['services.txt', 'disks.txt', 'jobs.txt', 'gpus.txt', 'raw.tape.gz'].map(
    (name) => join(folder, name),
  ) as [string, string, string, string, string];
  const [eventLog] = await mesh.scm.query(['Eventlog']);
  writeFileSync(script, scripted.join('\n').replaceAll('EVENTLOG', String(eventLog!.pid)));
  writeFileSync(jobs, jobLimits);
  wine.spawn(holder, ['Global\\shop-sql', String(pids.get('MSSQL$REPORTING'))]);
  let seconds = 36_000;
  const writeHardware = (): void => {
    seconds++;
    writeFileSync(disks, `${diskLine(seconds)}\n`);
    // The double must not read half of a script.
    writeFileSync(`${gpus}.new`, gpuLines(seconds, pids.get('catalog')).join('\n'));
    renameSync(`${gpus}.new`, gpus);
  };
  writeHardware();
  const hardwareTimer = setInterval(writeHardware, 1000);
  console.log(`Waiting ${minimalAgeMs / 1000} s, until the services are reported ...`);
  await sleep(minimalAgeMs);
  const durationMs = intervalMs * (rounds - 1);
  const args = [
    'record',
    wine.toWindowsPath(raw),
    '--for',
    `${durationMs / 1000}s`,
    '--scrape-interval',
    `${intervalMs / 1000}s`,
  ];
  const recording = wine.spawn(build.node, [...double.nodeArgs, wine.toWindowsPath(build.main), ...args], {
    env: {
      ...double.env,
      COROOT_TEST_SERVICES: wine.toWindowsPath(script),
      COROOT_TEST_DISKS: wine.toWindowsPath(disks),
      COROOT_TEST_NVML: wine.toWindowsPath(gpus),
      COROOT_TEST_JOBS: wine.toWindowsPath(jobs),
      COROOT_TEST_STATISTICS: '0',
      COROOT_TEST_RTT_MS: '1',
    },
  });
  const round = async (number: number): Promise<void> => {
    await until(`round ${number}`, 120_000, () =>
      readFileSync(recording.stdoutPath, 'utf8').includes(`round ${number} of`) ? true : undefined,
    );
  };
  await round(1);
  const events = new DemoEvents(ownAddresses());
  writeScenario(events, durationMs);
  const begunMs = performance.now();
  const now = (): number => performance.now() - begunMs;
  const pidOf = (name: string): number | undefined => pids.get(name) || undefined;
  // An exception in a timer would end this process without ending those of Wine.
  let fault: unknown;
  const eventTimer = setInterval(() => {
    try {
      double.append(events.takeLines(now(), now() + EVENT_STEP_MS, pidOf));
    } catch (error) {
      fault ??= error;
    }
  }, EVENT_STEP_MS);

  let closeConnections: ((atMs: number) => void)[] = [];
  /** Restarts billing, with the events of its outbound and inbound connections. */
  const restartBilling = async (): Promise<void> => {
    const calls = [
      ['billing', 'payments'],
      ['billing', 'MSSQL$REPORTING'],
      ['orders-api', 'billing'],
    ] as const;
    const before = calls.map(([, peer]) => callersOf(mesh.portOf(peer)));
    await mesh.stop(['billing']);
    for (const close of closeConnections) close(now());
    writeRefused(events, now(), 'orders-api', `127.0.0.1:${mesh.portOf('billing')}`, 3);
    await mesh.start(['billing']);
    await readPids();
    closeConnections = calls.flatMap(([caller, peer], index) => {
      const remote = `127.0.0.1:${mesh.portOf(peer)}`;
      const fresh = [...callersOf(mesh.portOf(peer))].filter((port) => !before[index]!.has(port));
      return fresh.map((port) => {
        events.accept(now(), peer, remote, `127.0.0.1:${port}`);
        return events.connect(
          now(),
          caller,
          remote,
          { tookMs: 1, sentBytes: 48_000, receivedBytes: 96_000 },
          `127.0.0.1:${port}`,
        );
      });
    });
  };
  await round(6);
  console.log('Restarting billing ...');
  await restartBilling();
  await round(10);
  console.log('Stopping stock-reader, starting backup-agent ...');
  await mesh.stop(['stock-reader']);
  await mesh.start(['backup-agent']);
  await readPids();
  await round(18);
  console.log('Restarting billing again ...');
  await restartBilling();
  const { code, stdout, stderr } = await recording.wait();
  clearInterval(hardwareTimer);
  clearInterval(eventTimer);
  double.remove();
  if (fault) throw fault;
  if (code !== 0) throw new Error(`the recording failed: ${stdout}${stderr}`);

  mkdirSync('docs/demo', { recursive: true });
  await using source = await openTape(raw);
  const header: HostHeader = { ...source.header, standIns: [...source.header.standIns, ...standIns] };
  const recorder = await createRecorder(tape, header, { overwrite: true });
  for await (const observation of withDemoLogs(source.observations)) recorder.write(withoutPaths(observation));
  await recorder.close();
  const { observations, bytes, dropped } = recorder.stats();
  console.log(`${tape}: ${observations} observations, ${bytes} bytes, dropped ${JSON.stringify(dropped)}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
