// Brings lines of tapes with an older schema up to the newest, one schema at a time.
import { AgentError } from '../../base/errors.ts';
import type { JsonObject } from '../records/field.ts';

/** Turns one line of a schema into the next schema's; the header is the line with a `tape` field. May throw on a line that it does not understand. */
export type Upgrader = (line: JsonObject) => JsonObject;

/** Upgraders by the schema that they read. Schema 1 is the first, so there is none yet. */
export const upgraders: ReadonlyMap<number, Upgrader> = new Map();

/** One upgrader for the whole way from a tape's schema to `newest`; throws TAPE_SCHEMA where there is no such way. */
export function upgradeChain(
  file: string,
  schema: number,
  newest: number,
  table: ReadonlyMap<number, Upgrader>,
): Upgrader {
  const chain: Upgrader[] = [];
  for (let from = schema; from < newest; from++) {
    const upgrader = table.get(from);
    if (!upgrader) throw new AgentError('TAPE_SCHEMA', { file, schema, supported: newest });
    chain.push(upgrader);
  }
  if (schema > newest) throw new AgentError('TAPE_SCHEMA', { file, schema, supported: newest });
  return (line) => chain.reduce((upgraded, step) => step(upgraded), line);
}
