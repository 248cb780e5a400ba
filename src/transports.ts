// Creates the HTTP transports of the destinations from the settings.
import { systemClock } from './exporters/delivery/clock.ts';
import { HttpTransport } from './exporters/transport/http-transport.ts';
import { chooseProxy } from './exporters/transport/proxy.ts';
import type { Transport } from './exporters/transport/transport.ts';
import { Trust } from './exporters/transport/trust.ts';
import type { Config } from './settings/index.ts';
import { readWinHttpProxy } from './sources/winhttp-proxy.ts';

export interface Transports {
  readonly metrics: Transport;
  readonly logs: Transport;
}

/** As the reference agent sends it. */
const USER_AGENT = 'coroot-node-agent';

/** Both share authorities and client certificate, which cost memory and are read when the first request needs them. */
export function createTransports(config: Config, env: NodeJS.ProcessEnv = process.env): Transports {
  const { apiKey, requestHeaders, proxy, noProxy, caFile, clientCertificateFile, clientKeyFile, insecureSkipVerify } =
    config;
  const trust = new Trust({ caFile, clientCertificateFile, clientKeyFile, insecureSkipVerify });
  const create = (): Transport =>
    new HttpTransport({
      apiKey,
      userAgent: USER_AGENT,
      extraHeaders: requestHeaders,
      trust,
      proxyFor: (url) => chooseProxy(url, { proxy, noProxy, env, winHttp: () => readWinHttpProxy() }),
      wallMs: systemClock.wallMs,
    });
  return { metrics: create(), logs: create() };
}
