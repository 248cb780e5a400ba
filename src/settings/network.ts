// Settings of connections, DNS requests and HTTP requests.
import { isCidr } from '../base/cidr.ts';
import { parsePortRanges } from '../base/port-range.ts';
import { parseBoolean, wholeNumber } from './parsers.ts';
import type { Setting } from './setting.ts';

export const networkSettings = {
  maxFqdnsPerContainer: {
    name: 'max-fqdns-per-container',
    kind: 'text',
    placeholder: 'count',
    default: '50',
    allowed: 'a whole number from 0',
    help: 'maximum number of domains in the DNS metrics of a container; the others are reported as ~other',
    parse: wholeNumber,
  },
  ephemeralPortRange: {
    name: 'ephemeral-port-range',
    kind: 'text',
    placeholder: 'ranges',
    default: '49152-65535',
    allowed: 'ranges such as 49152-65535, separated by spaces or commas; empty for none',
    help: 'destinations and listeners on these ports are not reported in the metrics; port 50051 always is',
    parse: parsePortRanges,
  },
  trackPublicNetwork: {
    name: 'track-public-network',
    kind: 'list',
    placeholder: 'cidr',
    default: ['0.0.0.0/0'],
    allowed: 'networks such as 10.0.0.0/8',
    help:
      'connections to public addresses are counted only in these networks, those to private addresses always; ' +
      '0.0.0.0/0 is every address, IPv6 included; may be repeated',
    parse: (values) => (values.every(isCidr) ? values : undefined),
  },
  maxDestinationsPerContainer: {
    name: 'max-destinations-per-container',
    kind: 'text',
    placeholder: 'count',
    default: '500',
    allowed: 'a whole number from 0',
    help: 'maximum number of destinations in the connection metrics of a container; others are reported as ~other:0',
    parse: wholeNumber,
  },
  excludeHttpRequestsByPath: {
    name: 'exclude-http-requests-by-path',
    kind: 'list',
    placeholder: 'glob',
    default: [],
    allowed: 'path patterns such as /health*',
    help: 'HTTP requests that are not counted; may be repeated',
    parse: (values) => (values.every(isGlob) ? values : undefined),
    pending: true,
  },
  disableConnectionStatistics: {
    name: 'disable-connection-statistics',
    kind: 'switch',
    default: 'false',
    allowed: 'true or false',
    help:
      'do not enable TCP extended statistics: bytes and round-trip times of a connection are known only when it ' +
      'closes',
    parse: parseBoolean,
  },
  disableEtw: {
    name: 'disable-etw',
    kind: 'switch',
    default: 'false',
    allowed: 'true or false',
    help:
      'do not trace events: no connects between two scans, no failed connects, no DNS, no bytes and round-trip ' +
      'times',
    parse: parseBoolean,
  },
} as const satisfies Record<string, Setting>;

/** Brackets must close: nothing else makes a glob malformed. */
function isGlob(pattern: string): boolean {
  const plain = pattern.replace(/\\./gs, '');
  return pattern !== '' && !/\[[^\]]*$/.test(plain) && !/\{[^}]*$/.test(plain);
}
