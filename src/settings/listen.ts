// Settings of the control plane's listener.
import { isIPv6 } from 'node:net';
import { parseAllowedHosts } from './allowed-hosts.ts';
import { parseApiAccess } from './api-access.ts';
import type { Setting } from './setting.ts';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

export const listenSettings = {
  listen: {
    name: 'listen',
    kind: 'text',
    placeholder: 'host:port',
    default: '127.0.0.1:10300',
    allowed: 'HOST:PORT, e.g. 127.0.0.1:10300',
    help: 'where the control plane and /metrics listen',
    parse: parseListen,
  },
  allowedHosts: {
    name: 'allowed-hosts',
    kind: 'list',
    placeholder: 'host',
    default: [],
    allowed: 'host names, *.DOMAIN for all names below a domain, or addresses, without scheme and port',
    help:
      'names by which clients may call the agent, besides addresses, localhost and the names of the machine; may be ' +
      'repeated',
    parse: parseAllowedHosts,
  },
  apiAccess: {
    name: 'api-access',
    kind: 'text',
    placeholder: 'who',
    default: 'local',
    allowed: 'local or token',
    help:
      'who may read the routes below /api/v1: programs on this machine, or only holders of a token; this version ' +
      'creates no tokens, so that token closes these routes',
    parse: parseApiAccess,
  },
} as const satisfies Record<string, Setting>;

/** Undefined when it is not HOST:PORT. */
export function parseListen(value: string): ListenAddress | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([\w.-]*)):(\d{1,5})$/.exec(value);
  if (!match || Number(match[3]) > 65_535 || (match[1] && !isIPv6(match[1]))) return undefined;
  // As in Go, an empty host means every address.
  return { host: match[1] ?? (match[2] || '0.0.0.0'), port: Number(match[3]) };
}
