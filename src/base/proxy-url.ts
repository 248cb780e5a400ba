// Parses the URL of an HTTP proxy.

/** A proxy as `http://host:port` or `host:port`, with user information or without; undefined for anything else. */
export function parseProxy(text: string): URL | undefined {
  if (/\s/.test(text)) return undefined;
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  return url?.protocol === 'http:' && url.hostname !== '' && url.search === '' && url.hash === '' ? url : undefined;
}
