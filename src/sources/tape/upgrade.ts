// Converts the lines of older tapes to the newest schema, one schema at a time.
import { AgentError } from '../../base/errors.ts';
import type { JsonObject } from '../records/field.ts';

/** Converts one line to the next schema; the header is the line with a `tape` field. May throw on an invalid line. */
export type Upgrader = (line: JsonObject) => JsonObject;

/** Upgraders by the schema that they read. Schema 1 is the first, so there are none. */
export const upgraders: ReadonlyMap<number, Upgrader> = new Map();

/** One upgrader from `schema` to `newest`. Throws TAPE_SCHEMA when a step is missing. */
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
