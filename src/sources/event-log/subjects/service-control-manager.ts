// Events of the Service Control Manager, which name a service.
import type { EventSubject } from '../../host.ts';
import type { EventData } from '../event-data.ts';
import { type EventFacts, type SubjectReader, subjectFrom } from './event-facts.ts';

/** Position of the display name in events where it is not the first text. */
const displayNameAt: Readonly<Record<number, number>> = { 7009: 2, 7032: 3 };
/** Position of the key name in events that have it as text. */
const keyNameAt: Readonly<Record<number, number>> = { 7011: 2, 7040: 4 };
/** Lists names of drivers. */
const DRIVERS_NOT_LOADED = 7026;
/** Has two services: the one that did not start, and the one that it depends on. The binary data may name either. */
const DEPENDENCY_FAILED = 7001;
/** Its first text is a timeout, and its second one the key name. */
const CONTROL_TIMEOUT = 7011;

/**
 * The process id of these events is that of the SCM, so only names count. Windows translates display names; the key
 * name in the binary data is the same in every language.
 */
export const serviceControlManager: SubjectReader = {
  isProvider: (name) => name === 'service control manager' || name === 'microsoft-windows-service control manager',
  read({ eventId, data }: EventFacts): EventSubject {
    if (eventId === DRIVERS_NOT_LOADED) return {};
    if (eventId === CONTROL_TIMEOUT) return subjectFrom({ service: data.param(keyNameAt[eventId]!) });
    const keyAt = keyNameAt[eventId];
    return subjectFrom({
      service: keyAt === undefined ? (eventId === DEPENDENCY_FAILED ? '' : binaryKeyName(data)) : data.param(keyAt),
      // The name is ServiceName in the event about a new service, 7045.
      displayName: data.named('ServiceName') ?? data.param(displayNameAt[eventId] ?? 1),
    });
  },
};

/** `NAME`, or `NAME/STATE` in 7036, as UTF-16 that ends with a NUL; the data may be cut. Names have no slash. */
function binaryKeyName(data: EventData): string {
  const binary = data.binary();
  const text = binary.toString('utf16le', 0, binary.length & ~1).toWellFormed();
  const [name = ''] = text.split('\0', 1);
  const slash = name.lastIndexOf('/');
  return (slash < 0 ? name : name.slice(0, slash)).trim();
}
