// The ETW session in the status.
import type { EventSession } from '../../model/event-session.ts';
import { choice, integer, list, numbers, record, type Static, text } from '../fields.ts';

export const eventsSchema = record(
  {
    state: choice(['starting', 'running', 'retrying', 'off'], 'State of the session; `off` where there is none.'),
    reason: text('text', 'Why the session does not run; empty while it runs.'),
    providers: list(text('text', 'Name of the provider.'), 'Enabled providers.'),
    restarts: integer('Sessions after the first one.'),
    events: integer('Received events.'),
    eventsLost: integer('Events that Windows lost.'),
    buffersLost: integer('Buffers that Windows lost.'),
    realTimeBuffersLost: integer('Real-time buffers that Windows lost.'),
    dropped: numbers('text', 'Events that the agent dropped, by reason.'),
  },
  'The ETW session. All counts are since the agent started.',
);

export function eventsView({ record: session }: EventSession): Static<typeof eventsSchema> {
  if (session) return { ...session, providers: [...session.providers], dropped: { ...session.dropped } };
  const zeros = { restarts: 0, events: 0, eventsLost: 0, buffersLost: 0, realTimeBuffersLost: 0 };
  return { state: 'off', reason: '', providers: [], ...zeros, dropped: {} };
}
