// The values of the setting that decides who may read the routes below /api/v1.

/**
 * `local`: programs on this machine. `token`: holders of a token, also on this machine.
 */
export type ApiAccess = 'local' | 'token';

/** Undefined for another text. */
export function parseApiAccess(text: string): ApiAccess | undefined {
  return text === 'local' || text === 'token' ? text : undefined;
}
