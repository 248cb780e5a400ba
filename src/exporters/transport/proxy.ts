// Chooses the proxy for a URL: from the settings, else from the environment, else from the configuration of WinHTTP.
import { parseProxy } from '../../base/proxy-url.ts';
import { bypassEntries, bypasses, isLoopback } from './bypass-list.ts';
import { type WinHttpProxyInfo, winHttpProxyFor } from './winhttp-proxy.ts';

export interface ProxySources {
  /** The setting `proxy`; undefined when it is not set. */
  readonly proxy: URL | 'none' | undefined;
  /** The setting `no-proxy`; counts for a proxy from any source. */
  readonly noProxy: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The default configuration of WinHTTP; undefined without one, and off Windows. May throw. */
  readonly winHttp: () => WinHttpProxyInfo | undefined;
}

export interface ProxyChoice {
  /** Undefined for a direct connection. */
  readonly proxy: URL | undefined;
  /** Where the choice comes from, for people. */
  readonly origin: string;
  /** The reason why a configured proxy cannot be used; then no request may be sent. Empty if there is none. */
  readonly problem: string;
}

/** Loopback addresses are proxied only by the setting `proxy`. */
export function chooseProxy(url: URL, sources: ProxySources): ProxyChoice {
  const { proxy, noProxy } = sources;
  if (proxy === 'none') return direct('setting proxy');
  if (bypasses(noProxy, url)) return direct('setting no-proxy');
  if (proxy) return { proxy, origin: 'setting proxy', problem: '' };
  return isLoopback(url)
    ? direct('loopback')
    : (fromEnvironment(url, sources.env) ?? fromWinHttp(url, sources.winHttp));
}

function fromEnvironment(url: URL, env: ProxySources['env']): ProxyChoice | undefined {
  const name = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const text = variable(env, name);
  if (text === undefined) return undefined;
  const noProxy = variable(env, 'NO_PROXY');
  if (noProxy !== undefined && bypasses(bypassEntries(noProxy), url)) return direct('environment NO_PROXY');
  return choiceOf(text, `environment ${name}`);
}

/** In lower case first, as curl has it. Empty counts as not set. */
function variable(env: ProxySources['env'], name: string): string | undefined {
  return env[name.toLowerCase()]?.trim() || env[name]?.trim() || undefined;
}

function fromWinHttp(url: URL, read: ProxySources['winHttp']): ProxyChoice {
  let info: WinHttpProxyInfo | undefined;
  try {
    info = read();
  } catch {
    // The host may be reachable without a proxy, and the message of a failed request names the setting.
    return direct('WinHTTP cannot be asked');
  }
  const text = info && winHttpProxyFor(info.proxy, url.protocol === 'https:' ? 'https' : 'http');
  if (!info || text === undefined) return direct('no proxy is configured');
  if (bypasses(bypassEntries(info.bypass), url)) return direct('bypass list of WinHTTP');
  return choiceOf(text, 'WinHTTP');
}

function choiceOf(text: string, origin: string): ProxyChoice {
  const proxy = parseProxy(text);
  if (proxy) return { proxy, origin, problem: '' };
  const rule = 'only http://HOST:PORT is supported; set proxy to a URL or none';
  const problem = `the proxy of ${origin} cannot be used: ${rule}`;
  return { proxy: undefined, origin, problem };
}

function direct(origin: string): ProxyChoice {
  return { proxy: undefined, origin, problem: '' };
}
