// Facts about this command and its system, without names of users or machines.
import { availableParallelism, machine, release, totalmem, uptime, version } from 'node:os';
import { AGENT_VERSION } from '../base/version.ts';
import type { HostHeader } from '../sources/host.ts';

/** `header` is that of the recording. */
export function environment(header: HostHeader | undefined): object {
  const { timeZone, locale } = Intl.DateTimeFormat().resolvedOptions();
  return {
    agent: AGENT_VERSION,
    node: process.version,
    system: { platform: process.platform, release: release(), version: version(), machine: machine() },
    processors: availableParallelism(),
    memoryBytes: totalmem(),
    uptimeSeconds: Math.floor(uptime()),
    timeZone,
    locale,
    ...(header ? { host: { os: header.os, processors: header.processors, rights: header.rights } } : {}),
  };
}
