// Names on the command line: an empty or invalid one, and a plain one that the host does not have, are errors.
import type { AgentClient } from '../src/api/client.ts';
import { AgentError } from '../src/base/errors.ts';
import { endpointPattern, isValidPattern, plainName } from '../src/base/wildcard.ts';

/** Throws USAGE for an empty name and for a pattern that is not valid. */
export function checkNames(names: readonly string[]): void {
  for (const name of names) {
    if (name === '') throw new AgentError('USAGE', { reason: 'a name must not be empty' });
    if (!isValidPattern(endpointPattern(name)))
      throw new AgentError('USAGE', { reason: `${name} is not a valid pattern; write \`[ for a bracket` });
  }
}

/** The plain names, each once, that no text equals, without regard to case; a pattern is never missing. */
export function missingNames(names: readonly string[], existing: Iterable<string>): string[] {
  const known = new Set([...existing].map((text) => text.toLowerCase()));
  const plain = names.map((name) => plainName(endpointPattern(name))).filter((name) => name !== undefined);
  return plain.filter((name) => {
    const isNew = !known.has(name.toLowerCase());
    known.add(name.toLowerCase());
    return isNew;
  });
}

/** Throws NAME_UNKNOWN when names are missing; `kind` is what the command calls one. */
export function requireNames(kind: string, missing: readonly string[]): void {
  if (missing.length > 0) throw new AgentError('NAME_UNKNOWN', { kind, names: missing.join(', ') });
}

/** The names that no container has; the containers are read only when the rows do not have them all. */
export async function missingContainers(
  client: AgentClient,
  names: readonly string[],
  rows: readonly { readonly containerId: string; readonly containerName: string }[],
): Promise<string[]> {
  const missing = missingNames(
    names,
    rows.flatMap(({ containerId, containerName }) => [containerId, containerName]),
  );
  if (missing.length === 0) return [];
  const { containers } = await client.containers();
  return missingNames(
    names,
    containers.flatMap(({ id, name }) => [id, name]),
  );
}
