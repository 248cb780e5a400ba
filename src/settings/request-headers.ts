// Headers that the user adds to every request to an endpoint, e.g. the tenant of Grafana Mimir.
import { validateHeaderName, validateHeaderValue } from 'node:http';

/** Set by the agent itself: https://prometheus.io/docs/specs/prw/remote_write_spec/ */
const OWN = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-api-key',
  'x-prometheus-remote-write-version',
]);

/** `Name: value` each. Undefined for a malformed header, a repeated one, or one that the agent sets itself. */
export function parseRequestHeaders(texts: readonly string[]): Readonly<Record<string, string>> | undefined {
  const headers = new Map<string, readonly [name: string, value: string]>();
  for (const text of texts) {
    const colon = text.indexOf(':');
    const name = text.slice(0, Math.max(colon, 0)).trim();
    const value = text.slice(colon + 1).trim();
    const key = name.toLowerCase();
    if (value === '' || OWN.has(key) || headers.has(key) || !isValid(name, value)) return undefined;
    headers.set(key, [name, value]);
  }
  return Object.fromEntries(headers.values());
}

function isValid(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
