// The connections of a transport: one agent of Node for the current proxy and TLS context.
import { type ClientRequestArgs, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import { percentDecoded } from '../../base/percent-decoded.ts';
import type { TlsContext } from './trust.ts';

/** Reports the socket of a request at once: Node cannot abort a request while a proxy opens its tunnel. */
export interface WithSocketHook {
  readonly onSocketCreated: (socket: Socket) => void;
}

type Create = HttpsAgent['createConnection'];

class HookedHttpAgent extends HttpAgent {
  override createConnection(...args: Parameters<Create>): ReturnType<Create> {
    return hooked(super.createConnection(...args), args[0]);
  }
}

class HookedHttpsAgent extends HttpsAgent {
  override createConnection(...args: Parameters<Create>): ReturnType<Create> {
    return hooked(super.createConnection(...args), args[0]);
  }
}

function hooked(socket: ReturnType<Create>, options: RequestOptions | ClientRequestArgs): ReturnType<Create> {
  if (socket) (options as Partial<WithSocketHook>).onSocketCreated?.(socket as Socket);
  return socket;
}

export class Agents {
  #http: { readonly agent: HttpAgent; readonly proxy: string } | undefined;
  #https: { readonly agent: HttpsAgent; readonly proxy: string; readonly tls: TlsContext } | undefined;

  http(proxy: URL | undefined): HttpAgent {
    const href = hrefOf(proxy);
    if (this.#http?.proxy === href) return this.#http.agent;
    this.#http?.agent.destroy();
    // Without `proxyEnv` the environment of the process might count.
    const agent = new HookedHttpAgent({ keepAlive: true, proxyEnv: { HTTP_PROXY: href } });
    this.#http = { agent, proxy: href };
    return agent;
  }

  https(proxy: URL | undefined, tls: TlsContext): HttpsAgent {
    const href = hrefOf(proxy);
    if (this.#https?.proxy === href && this.#https.tls === tls) return this.#https.agent;
    this.#https?.agent.destroy();
    const { context, rejectUnauthorized } = tls;
    const agent = new HookedHttpsAgent({
      keepAlive: true,
      proxyEnv: { HTTPS_PROXY: href },
      secureContext: context,
      rejectUnauthorized,
    });
    this.#https = { agent, proxy: href, tls };
    return agent;
  }

  destroy(): void {
    this.#http?.agent.destroy();
    this.#https?.agent.destroy();
    this.#http = undefined;
    this.#https = undefined;
  }
}

/** Empty without a proxy. Node throws for user information with a percent sign that encodes nothing. */
function hrefOf(proxy: URL | undefined): string {
  if (!proxy) return '';
  const url = new URL(proxy);
  url.username = encodeURIComponent(percentDecoded(proxy.username));
  url.password = encodeURIComponent(percentDecoded(proxy.password));
  return url.href;
}
