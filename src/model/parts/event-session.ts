// Part of the host model: the state of the event session.
import type { EventSession } from '../event-session.ts';
import type { EventCoverage } from '../net/event-coverage.ts';
import { type Part, partFor } from './part.ts';

export function eventSessionPart(session: EventSession): Part {
  return partFor(['etw', 'tcpEvents', 'dnsEvents', 'processEvents'], (observation) => session.update(observation));
}

export function eventCoveragePart(coverage: EventCoverage): Part {
  return partFor(['etw'], ({ data }) => coverage.update(data), { fail: (reason) => coverage.setUnavailable(reason) });
}
