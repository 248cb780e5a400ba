// Explains why a request got no answer, and what to do about it.

/** What a request used, for its explanation. */
export interface RequestPath {
  /** `host:port` of the receiver. */
  readonly receiver: string;
  /** `host:port` of the proxy; undefined without one. */
  readonly proxy: string | undefined;
  readonly timeoutMs: number;
}

/** The parts of Node's errors that are read here. */
interface NetworkError {
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly message?: unknown;
}

/** Error codes of Node and OpenSSL with their explanation; `{peer}` is the proxy where there is one. */
const texts: readonly (readonly [codes: RegExp, text: string])[] = [
  [/^(ENOTFOUND|EAI_NODATA|EAI_NONAME)$/, 'the name of {peer} is not known to DNS: check {setting}'],
  [/^EAI_/, 'DNS does not answer for {peer}: check the DNS servers of this host'],
  [/^ECONNREFUSED$/, '{peer} refuses connections: check that it runs, and {setting}'],
  [/^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL)$/, 'there is no route to {peer}: check the network'],
  [/^(EACCES|EPERM)$/, 'this host does not allow the connection to {peer}: check its firewall'],
  [/^ETIMEDOUT$/, '{peer} does not answer: check the network, firewalls and {setting}'],
  [
    /^(UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_GET_ISSUER_CERT_LOCALLY|UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|CERT_UNTRUSTED|INVALID_CA)$/,
    'the certificate of {receiver} comes from an unknown authority: put the certificate of the authority into ca-file',
  ],
  [/^CERT_HAS_EXPIRED$/, 'the certificate of {receiver} has expired: renew it, or check the clock of this host'],
  [/^CERT_NOT_YET_VALID$/, 'the certificate of {receiver} is not valid yet: check the clock of this host'],
  [/^CERT_REVOKED$/, 'the certificate of {receiver} is revoked: renew it'],
  [
    /^ERR_TLS_CERT_ALTNAME_/,
    'the certificate of {receiver} is for another name: use a name of the certificate in the endpoint',
  ],
  [/^CERT_|_CERT_|_CRL/, 'the certificate of {receiver} is not valid: renew it'],
  [/^(ERR_SSL_|EPROTO)/, 'the TLS handshake with {receiver} failed'],
  [/^HPE_HEADER_OVERFLOW$/, '{receiver} answers with headers that are too large'],
  [/^HPE_/, '{receiver} does not answer in HTTP: check the scheme and the port of the endpoint'],
  [/^(ECONNRESET|EPIPE|ECONNABORTED)$/, '{peer} closed the connection before its answer'],
  [/^(EMFILE|ENFILE|ENOBUFS)$/, 'this host has no free sockets'],
];

/** The reasons of OpenSSL in the code (`ERR_SSL_WRONG_VERSION_NUMBER`) or the message (`wrong version number`). */
const tlsReasons: readonly (readonly [reason: RegExp, text: string])[] = [
  [
    /alert (handshake failure|unknown ca|bad certificate|no certificate|certificate (required|unknown|expired))/,
    '{receiver} demands a client certificate that it trusts: check client-certificate-file and client-key-file',
  ],
  [
    /wrong version number|packet length too long|http request|unsupported protocol|protocol version/,
    '{receiver} does not speak TLS 1.2 or later: check the scheme and the port of the endpoint',
  ],
];

/** One clause that says what happened and what to do. Has nothing of the error but its code. */
export function explain(error: unknown, path: RequestPath): string {
  const { code, message } = (error ?? {}) as NetworkError;
  const known = typeof code === 'string' ? code : '';
  const text = tlsText(known, message) ?? texts.find(([codes]) => codes.test(known))?.[1] ?? textOf(known, message);
  return `${fill(text, path)}${known === '' ? '' : ` (${known})`}`;
}

export function explainTimeout(path: RequestPath): string {
  const text = 'no complete answer within {seconds} s: check the network, firewalls and {setting}';
  return fill(text.replace('{seconds}', String(path.timeoutMs / 1000)), path);
}

/** A proxy that did not open a tunnel. `status` is that of its answer, 0 without one. */
export function explainTunnel(status: number, path: RequestPath): string {
  if (status === 401 || status === 407)
    return fill('{peer} refuses the user and password, or demands them: set them in the URL of proxy', path);
  if (status === 403) return fill('{peer} does not allow connections to {receiver}: change its rules, or proxy', path);
  if (status === 0) return fill('{peer} closed the connection: check proxy', path);
  return fill(`{peer} answered ${status} and cannot reach {receiver}`, path);
}

function tlsText(code: string, message: unknown): string | undefined {
  if (code !== 'EPROTO' && !code.startsWith('ERR_SSL_')) return undefined;
  const reason = `${code.replaceAll('_', ' ')} ${typeof message === 'string' ? message : ''}`.toLowerCase();
  return tlsReasons.find(([reasons]) => reasons.test(reason))?.[1];
}

function textOf(code: string, message: unknown): string {
  return code === '' && (message === 'socket hang up' || message === 'closed')
    ? '{peer} closed the connection before its answer'
    : 'the request failed';
}

function fill(text: string, { receiver, proxy }: RequestPath): string {
  const values: Readonly<Record<string, string>> = {
    receiver,
    peer: proxy === undefined ? receiver : `the proxy ${proxy}`,
    setting: proxy === undefined ? 'the endpoint' : 'the setting proxy',
  };
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
