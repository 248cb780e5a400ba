// Attributes of a W3C log line by the semantic conventions of OpenTelemetry.

/**
 * https://learn.microsoft.com/windows/win32/http/w3c-logging and
 * https://learn.microsoft.com/troubleshoot/developer/webapps/aspnet/site-behavior-performance/error-logging-http-apis
 * describe the fields; https://opentelemetry.io/docs/specs/semconv/registry/attributes/ the attributes.
 */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  'c-ip': 'client.address',
  'c-port': 'client.port',
  's-ip': 'network.local.address',
  's-port': 'server.port',
  'cs-host': 'server.address',
  'cs-uri-stem': 'url.path',
  'cs-uri-query': 'url.query',
  'sc-status': 'http.response.status_code',
  'sc-bytes': 'http.response.size',
  'cs-bytes': 'http.request.size',
  'cs-username': 'user.name',
  'cs(user-agent)': 'user_agent.original',
  's-reason': 'error.type',
  's-computername': 'host.name',
};

/** These two are the time of the record. The cookie often is the key of a session. */
const UNUSED: ReadonlySet<string> = new Set(['date', 'time', 'cs(cookie)']);

/** https://opentelemetry.io/docs/specs/semconv/registry/attributes/http/#http-request-method */
const METHODS: ReadonlySet<string> = new Set([
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'QUERY',
  'TRACE',
]);

export function w3cAttributes(values: ReadonlyMap<string, string>): Record<string, string> {
  const attributes: Record<string, string> = Object.create(null);
  for (const [field, value] of values) {
    const name = ATTRIBUTES[field];
    if (UNUSED.has(field)) continue;
    if (field === 'cs-method') addMethod(attributes, value);
    else if (field === 'cs-version') addVersion(attributes, value);
    else if (field === 'cs-uri') addUri(attributes, value);
    // IIS writes spaces as plus signs; a plus sign of the client cannot be told from them.
    else if (field === 'cs(user-agent)') attributes[name!] = value.replaceAll('+', ' ');
    else attributes[name ?? otherName(field)] = value;
  }
  return attributes;
}

function addMethod(attributes: Record<string, string>, value: string): void {
  attributes['http.request.method'] = METHODS.has(value) ? value : '_OTHER';
  if (!METHODS.has(value)) attributes['http.request.method_original'] = value;
}

/** `HTTP/1.1` */
function addVersion(attributes: Record<string, string>, value: string): void {
  const [protocol = '', version] = value.split('/');
  attributes['network.protocol.name'] = protocol.toLowerCase();
  if (version !== undefined) attributes['network.protocol.version'] = version;
}

function addUri(attributes: Record<string, string>, value: string): void {
  const at = value.indexOf('?');
  attributes['url.path'] = at < 0 ? value : value.slice(0, at);
  if (at >= 0) attributes['url.query'] = value.slice(at + 1);
}

/** Headers have a name in the conventions. Fields of IIS have none: `iis.` and the field. */
function otherName(field: string): string {
  const [, side, header] = /^(cs|sc)\((.+)\)$/.exec(field) ?? [];
  if (header !== undefined) return `http.${side === 'cs' ? 'request' : 'response'}.header.${header}`;
  return `iis.${field.replace(/[^a-z\d]+/g, '_')}`;
}
