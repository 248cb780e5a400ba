// Observations and headers with one text in place of each of their texts.
import type { HostHeader, Observation } from '../../src/sources/host.ts';
import { encodeObservation } from '../../src/sources/tape/format.ts';
import { everything } from './canaries.ts';
import { aHeader } from './observations.ts';

/** A copy of a value with `text` in place of each of its texts, and as the name of each entry of a map. */
function planted(value: unknown, text: string, keep: (path: string) => boolean, path = ''): unknown {
  if (typeof value === 'string') return keep(path) ? value : text;
  if (Array.isArray(value)) return value.map((each, i) => planted(each, text, keep, `${path}[${i}]`));
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      /[^a-zA-Z0-9]/.test(name) ? text : name,
      planted(each, text, keep, `${path}.${name}`),
    ]),
  );
}

/** Paths of the texts that the format of a tape restricts to certain words. */
function restrictedPaths(observation: Observation): Set<string> {
  const paths: string[] = [];
  planted(observation.data, '', (path) => paths.push(path) > 0);
  const refused = paths.filter((path) => {
    const data = planted(observation.data, 'any text', (each) => each !== path);
    try {
      encodeObservation({ ...observation, data } as Observation);
      return false;
    } catch {
      return true;
    }
  });
  return new Set(refused);
}

const samples = everything.map((observation) => ({ observation, restricted: restrictedPaths(observation) }));
export const KINDS_OF_OBSERVATIONS = samples.length;

/** An observation of the kind with this index; `text` is in each field that the format of a tape does not restrict. */
export function observationWith(text: string, index: number): Observation {
  const { observation, restricted } = samples[index]!;
  const missing = { part: text, reason: text, requiredRight: text, consequence: text };
  if (observation.unavailable) return { ...observation, source: text, unavailable: missing } as Observation;
  const data = planted(observation.data, text, (path) => restricted.has(path));
  return { ...observation, source: text, data, degraded: [missing] } as Observation;
}

export function headerWith(text: string): HostHeader {
  return aHeader({
    agentVersion: text,
    os: { platform: text, version: text },
    rights: { elevated: true, privileges: [text] },
    settings: { [text]: text, listen: text },
    standIns: [{ part: text, replacement: text }],
    dropped: { [text]: 1 },
  });
}
