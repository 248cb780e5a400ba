// Events of the .NET runtimes about programs that crashed.
import type { EventSubject } from '../../host.ts';
import { type EventFacts, type SubjectReader, subjectFrom } from './event-facts.ts';

/** 1023: internal error; 1025: FailFast; 1026: exception without a handler. 1000 is a message of any program. */
const crashes: ReadonlySet<number> = new Set([1023, 1025, 1026]);

/** The words around it are translated; the file name is the first text behind a colon that ends in `.exe`. */
const programLine = /^[^\n:\uff1a]*[:\uff1a][ \t\u00a0]*([^\s\\/:*?"<>|][^\n\r\\/:*?"<>|]*\.exe)[ \t]*\r?$/im;

export const dotNetRuntime: SubjectReader = {
  isProvider: (name) => name === '.net runtime',
  read({ eventId, pid, data, message }: EventFacts): EventSubject | undefined {
    if (!crashes.has(eventId)) return undefined;
    const program = (programLine.exec(data.items[0]?.text ?? '') ?? programLine.exec(message))?.[1]?.trim();
    // Since 2023 the runtime records its own process, which is gone when the event is read.
    return subjectFrom({ program, pid });
  },
};
