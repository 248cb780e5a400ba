// Finds what an event says about the service or process that it is about.
import type { EventSubject } from '../host.ts';
import { dotNetRuntime } from './subjects/dot-net-runtime.ts';
import type { EventFacts, SubjectReader } from './subjects/event-facts.ts';
import { internetInformationServices } from './subjects/internet-information-services.ts';
import { programFaults } from './subjects/program-faults.ts';
import { serviceControlManager } from './subjects/service-control-manager.ts';
import { sqlServer } from './subjects/sql-server.ts';

const readers: readonly SubjectReader[] = [
  serviceControlManager,
  programFaults,
  dotNetRuntime,
  internetInformationServices,
  sqlServer,
];

/** Undefined if the event names neither a service nor a process. Letter case of provider names makes no difference. */
export function subjectOf(event: EventFacts): EventSubject | undefined {
  const names = [event.provider, event.sourceName].map((name) => name.toLowerCase());
  for (const reader of readers) {
    const subject = names.some((name) => name !== '' && reader.isProvider(name)) ? reader.read(event) : undefined;
    if (subject) return Object.keys(subject).length > 0 ? subject : undefined;
  }
  return undefined;
}
