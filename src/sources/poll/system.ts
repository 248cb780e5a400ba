// The uptime of the machine.
import { GetTickCount64 } from '../../native/kernel32.ts';
import { KIND_GRANTS } from '../grants.ts';
import { EVERY_ROUND, type Poll } from './poll.ts';

/** Milliseconds since boot. */
export function readUptimeMs(): number {
  return Number(GetTickCount64());
}

export function createSystemPoll(): Poll<'system'> {
  return {
    kind: 'system',
    schedule: EVERY_ROUND,
    grant: KIND_GRANTS.system,
    read: () => ({ data: { uptimeMs: readUptimeMs() } }),
  };
}
