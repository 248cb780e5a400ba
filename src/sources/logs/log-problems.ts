// Channels and log files that are not read at the moment, as missing parts of the host.
import { ERROR_ACCESS_DENIED } from '../../native/win32-error.ts';
import { INVALID_POSITION } from '../event-log/channel-problem.ts';
import { type Grant, PART_GRANTS } from '../grants.ts';
import type { EventChannel, LogFile, Unavailability } from '../host.ts';

/** Files that are listed one by one. */
const MAX_LISTED = 20;

/** The right is named only where Windows refused access. */
export function channelProblems(channels: readonly EventChannel[]): Unavailability[] {
  return channels.flatMap(({ channel, problem, code, lag }) => {
    if (problem === undefined) return [];
    const { eventChannel, earlierEvents } = PART_GRANTS;
    const { requiredRight, consequence }: Grant = problem === INVALID_POSITION ? earlierEvents : eventChannel;
    return [
      {
        part: `channel ${channel}`,
        reason: problem,
        ...(code === undefined ? {} : { code }),
        ...(code === ERROR_ACCESS_DENIED && requiredRight !== undefined ? { requiredRight } : {}),
        consequence: withLag(consequence, lag, 'events'),
      },
    ];
  });
}

export function fileProblems(files: readonly LogFile[]): Unavailability[] {
  const { consequence } = PART_GRANTS.logFile;
  const found = files.flatMap(({ path, problem, lagBytes }) => {
    if (problem === undefined) return [];
    return [{ part: `log file ${path}`, reason: problem, consequence: withLag(consequence, lagBytes, 'bytes') }];
  });
  const others = found.length - MAX_LISTED;
  if (others <= 0) return found;
  const summary = { part: `${others} other log files`, reason: 'each has a problem of its own', consequence };
  return [...found.slice(0, MAX_LISTED), summary];
}

/** The lag is no part of the reason, which is logged each time it changes. */
function withLag(consequence: string, lag: number, unit: string): string {
  return lag > 0 ? `${consequence}, ${lag} ${unit} so far` : consequence;
}
