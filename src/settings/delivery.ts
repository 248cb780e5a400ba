// Settings of delivery: where metrics and logs are sent, with which credentials, and where they are spooled.
import { parseByteSize } from '../base/byte-size.ts';
import { parseProxy } from '../base/proxy-url.ts';
import { anyText, parseBoolean } from './parsers.ts';
import { parseRequestHeaders } from './request-headers.ts';
import type { Setting } from './setting.ts';

const httpUrl = 'an http or https URL';

export const deliverySettings = {
  collectorEndpoint: {
    name: 'collector-endpoint',
    kind: 'text',
    placeholder: 'url',
    default: undefined,
    allowed: httpUrl,
    help: 'base URL of Coroot; metrics-endpoint and logs-endpoint are derived from it where they are not set',
    parse: parseUrl,
  },
  metricsEndpoint: {
    name: 'metrics-endpoint',
    kind: 'text',
    placeholder: 'url',
    default: undefined,
    allowed: httpUrl,
    help: 'where metrics are sent by Prometheus remote write',
    parse: parseUrl,
  },
  logsEndpoint: {
    name: 'logs-endpoint',
    kind: 'text',
    placeholder: 'url',
    default: undefined,
    allowed: httpUrl,
    help: 'where logs are sent by OTLP over HTTP',
    parse: parseUrl,
  },
  otlpCompression: {
    name: 'otlp-compression',
    kind: 'text',
    placeholder: 'method',
    default: 'gzip',
    allowed: 'gzip, none or zstd',
    help:
      'compression of logs sent by OTLP; a receiver that refuses it at first contact gets a simpler one: gzip after ' +
      'zstd, none after gzip',
    parse: (value) => (value === 'gzip' || value === 'none' || value === 'zstd' ? value : undefined),
  },
  apiKey: {
    name: 'api-key',
    kind: 'text',
    placeholder: 'key',
    default: undefined,
    allowed: 'any text',
    help: 'sent in the header X-Api-Key',
    parse: anyText,
    secret: true,
  },
  requestHeaders: {
    name: 'request-headers',
    kind: 'list',
    placeholder: 'header',
    default: [],
    allowed: '`Name: value`, once for each name, and none that the agent sets itself such as Content-Type',
    help: 'headers of all requests to the endpoints, e.g. `X-Scope-OrgID: tenant1`; may be repeated',
    parse: parseRequestHeaders,
    secret: true,
  },
  insecureSkipVerify: {
    name: 'insecure-skip-verify',
    kind: 'switch',
    default: 'false',
    allowed: 'true or false',
    help: 'do not verify the certificates of the endpoints',
    parse: parseBoolean,
  },
  caFile: {
    name: 'ca-file',
    kind: 'text',
    placeholder: 'path',
    default: undefined,
    allowed: 'a path',
    help: 'PEM file with authorities to trust in addition to those of the system; read again when it changes',
    parse: anyText,
  },
  clientCertificateFile: {
    name: 'client-certificate-file',
    kind: 'text',
    placeholder: 'path',
    default: undefined,
    allowed: 'a path',
    help: 'PEM file with the certificate that the agent presents to the endpoints, with client-key-file',
    parse: anyText,
  },
  clientKeyFile: {
    name: 'client-key-file',
    kind: 'text',
    placeholder: 'path',
    default: undefined,
    allowed: 'a path',
    help: 'PEM file with the key of client-certificate-file, not encrypted',
    parse: anyText,
  },
  proxy: {
    name: 'proxy',
    kind: 'text',
    placeholder: 'url',
    default: undefined,
    allowed: 'http://HOST:PORT, with user:password@ before the host if the proxy demands it, or none',
    help: 'HTTP proxy for the endpoints; if not set, that of HTTPS_PROXY or HTTP_PROXY, then that of WinHTTP',
    parse: (text: string): URL | 'none' | undefined => (text === 'none' ? 'none' : parseProxy(text)),
  },
  noProxy: {
    name: 'no-proxy',
    kind: 'list',
    placeholder: 'hosts',
    default: [],
    allowed: 'hosts, domains, addresses or networks such as 10.0.0.0/8, separated by commas, or * for all',
    help: 'endpoints that are reached without a proxy; may be repeated',
    parse: parseHosts,
  },
  walDir: {
    name: 'wal-dir',
    kind: 'text',
    placeholder: 'path',
    default: undefined,
    allowed: 'a path',
    help: 'folder of the spool; by default CorootAgent below ProgramData',
    parse: anyText,
  },
  maxSpoolBytes: {
    name: 'max-spool-size',
    kind: 'text',
    placeholder: 'size',
    default: '500MB',
    allowed: 'a size with its unit, 1024-based, e.g. 500MB',
    help: 'maximum size of the spool',
    parse: parseByteSize,
  },
} as const satisfies Record<string, Setting>;

function parseUrl(value: string): URL | undefined {
  // URL.parse alone also accepts `http:host`, `https:///host` and line breaks.
  return /^https?:\/\/[^/\\\s][^\s]*$/i.test(value) ? (URL.parse(value) ?? undefined) : undefined;
}

/** Undefined for an entry that is empty or a URL with a path. */
function parseHosts(values: readonly string[]): string[] | undefined {
  const hosts = values.flatMap((value) => value.split(',')).map((host) => host.trim());
  return hosts.every((host) => /^(?:https?:\/\/)?[^\s/]+(?:\/\d{1,3})?$/.test(host)) ? hosts : undefined;
}
