// Makes the control plane listen, and retries while its address is not available.
import { AgentError, reasonOf } from '../base/errors.ts';
import { endpointText } from '../base/ip.ts';
import type { Logger } from '../base/log.ts';

/** The part of the control plane that listens. */
export interface ListeningApp {
  listen(address: { readonly host: string; readonly port: number; readonly backlog: number }): Promise<unknown>;
  close(): Promise<unknown>;
  readonly server: { address(): string | { readonly address: string; readonly port: number } | null };
}

/** Connections that the operating system keeps until they are accepted; it may keep fewer. */
const BACKLOG = 4096;

export interface ListenerOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Time between two attempts; without it a failed attempt rejects the start. */
  readonly retryMs?: number | undefined;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Describes the process that listens on a port. */
  readonly portOwner: (port: number) => Promise<string>;
  /** Calls a function once after a time, and returns what cancels the call; `setTimeout` by default. */
  readonly schedule?: (run: () => void, ms: number) => () => void;
}

export class Listener {
  readonly #app: ListeningApp;
  readonly #options: ListenerOptions;
  #cancelRetry = (): void => {};
  #stopped = false;

  constructor(app: ListeningApp, options: ListenerOptions) {
    this.#app = app;
    this.#options = options;
  }

  /** Resolves after the first attempt. Throws AgentError if that fails and there is no time to retry. */
  async start(): Promise<void> {
    await this.#listenOrRetry();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelRetry();
    await this.#app.close();
  }

  /** The port in use, which differs from the configured one if that is 0. */
  get port(): number {
    const address = this.#app.server.address();
    return typeof address === 'object' && address ? address.port : this.#options.port;
  }

  /** The socket that listens; undefined until it does. */
  get bound(): { readonly address: string; readonly port: number } | undefined {
    const address = this.#app.server.address();
    return typeof address === 'object' && address ? address : undefined;
  }

  /** `HOST:PORT`. */
  get address(): string {
    return endpointText(this.#options.host, this.port);
  }

  /** Logs each reason once, and the success after a failure; `loggedReason` is the reason logged last. */
  async #listenOrRetry(loggedReason = ''): Promise<void> {
    const { retryMs, logger, schedule = afterTimeout } = this.#options;
    try {
      await this.#listen();
      if (loggedReason !== '') logger.info(`listening on ${this.address} after a retry`);
    } catch (error) {
      if (retryMs === undefined) throw error;
      if (this.#stopped) return;
      const reason = reasonOf(error);
      if (reason !== loggedReason)
        logger.warn(`${reason}; collection continues, and listening is retried every ${retryMs / 1000} s`);
      this.#cancelRetry = schedule(() => void this.#listenOrRetry(reason), retryMs);
    }
  }

  async #listen(): Promise<void> {
    const { host, port, portOwner } = this.#options;
    const address = endpointText(host, port);
    try {
      await this.#app.listen({ host, port, backlog: BACKLOG });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE')
        throw new AgentError('LISTEN_FAILED', { address, reason: reasonOf(error) });
      throw new AgentError('PORT_TAKEN', { address, owner: await portOwner(port) });
    }
  }
}

function afterTimeout(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
