// Protects against DNS rebinding: only requests that name this machine are answered.
//
// A web page can make its domain resolve to this machine, but its requests still name that domain.
import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';
import { AgentError } from '../base/errors.ts';
import { normaliseHostName } from '../base/host-name.ts';
import type { AllowedHosts } from '../settings/index.ts';

/** Routes for scrapers and probes that speak HTTP/1.0, which has no Host header. No browser sends such requests. */
const openWithoutHost: ReadonlySet<string> = new Set(['/health', '/ready', '/metrics']);

const MAX_SHOWN_CHARACTERS = 200;

export type RequestHead = Pick<IncomingMessage, 'httpVersion' | 'rawHeaders' | 'url'>;

/** Names of this machine, of its listen address and of the setting allowed-hosts. Every address is accepted. */
export class HostCheck {
  readonly #names: ReadonlySet<string>;
  readonly #domains: readonly string[];

  /** `ownNames` are in any form. */
  constructor(ownNames: readonly string[], { names, domains }: AllowedHosts) {
    const own = ownNames.map((name) => normaliseHostName(name) ?? name.toLowerCase());
    this.#names = new Set(['localhost', ...own, ...names]);
    this.#domains = domains.map((domain) => `.${domain}`);
  }

  /** Why a request is refused; undefined if it is not. */
  refusal(request: RequestHead): AgentError | undefined {
    const hosts = fieldValues(request.rawHeaders, 'host');
    if (hosts.length > 1) return badRequest('there is more than one Host header');
    // A target in absolute form replaces the Host header (RFC 9112, section 3.2.2). Both must name this machine.
    const target = targetAuthority(request.url ?? '');
    const named = [...hosts, ...(target === undefined ? [] : [target])];
    if (hosts.length === 0 && request.httpVersion !== '1.0') return badRequest('the Host header is missing');
    if (named.length === 0 && openWithoutHost.has(pathOf(request.url ?? ''))) return undefined;
    if (named.length > 0 && named.every((authority) => this.#isOwn(authority))) return undefined;
    const foreign = named.find((authority) => !this.#isOwn(authority)) ?? '(none)';
    return new AgentError('HOST_HEADER', { host: foreign.slice(0, MAX_SHOWN_CHARACTERS) });
  }

  /** `HOST` or `HOST:PORT` with any port. */
  #isOwn(authority: string): boolean {
    const match = /^(?:\[([^[\]]*)\]|([^:[\]]*))(?::(\d*))?$/.exec(authority);
    if (!match || Number(match[3] ?? 0) > 65_535) return false;
    const [, bracketed, plain = ''] = match;
    // The zone of a link-local address is escaped in URLs (RFC 6874).
    if (bracketed !== undefined) return isIPv6(bracketed.replace('%25', '%'));
    if (isIPv4(plain.replace(/\.$/, ''))) return true;
    // Node decodes header values as Latin-1.
    const name = normaliseHostName(Buffer.from(plain, 'latin1').toString('utf8'));
    // The machine itself may have a name that is not valid in DNS.
    if (name === undefined) return plain !== '' && this.#names.has(plain.toLowerCase());
    return this.#names.has(name) || this.#domains.some((domain) => name.endsWith(domain));
  }
}

/** Path of a target in origin or absolute form, without the query. */
export function pathOf(url: string): string {
  return url.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '');
}

/** Authority of a target in absolute form, e.g. `user@host:80` of `http://user@host:80/path`. */
function targetAuthority(url: string): string | undefined {
  return /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1];
}

function fieldValues(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]!.toLowerCase() === name);
}

function badRequest(reason: string): AgentError {
  return new AgentError('BAD_REQUEST', { reason });
}
