// Parses the proxies of WinHTTP's default configuration, which `netsh winhttp set proxy` writes.

/**
 * The lists as Windows returns them:
 * https://learn.microsoft.com/windows/win32/api/winhttp/ns-winhttp-winhttp_proxy_info
 */
export interface WinHttpProxyInfo {
  /** `([<scheme>=][<scheme>"://"]<server>[":"<port>])`, separated by semicolons or white space. */
  readonly proxy: string;
  /** Hosts without proxy, separated in the same way. */
  readonly bypass: string;
}

/** The proxy for a scheme, e.g. `proxy:8080`; one that is named for the scheme wins. Undefined without one. */
export function winHttpProxyFor(list: string, scheme: 'http' | 'https'): string | undefined {
  const entries = list
    .split(/[\s;]+/)
    .map((entry) => /^(?:([a-z]+)=)?(.+)$/i.exec(entry))
    .filter((match) => match !== null);
  const named = entries.find(([, name]) => name?.toLowerCase() === scheme);
  return (named ?? entries.find(([, name]) => name === undefined))?.[2];
}
