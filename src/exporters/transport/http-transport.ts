// Sends requests over HTTP and HTTPS by Node's own client, through a proxy where one is configured.
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import { monotonicMs } from '../../base/monotonic.ts';
import { printable } from '../../base/printable.ts';
import type { RequestBody } from '../payload.ts';
import { Agents, type WithSocketHook } from './agents.ts';
import { readAnswer } from './answer.ts';
import { explain, explainTimeout, explainTunnel, type RequestPath } from './failure-text.ts';
import type { ProxyChoice } from './proxy.ts';
import { parseRetryAfter } from './retry-after.ts';
import { basicCredentials, basicSecrets, Secrets, shownUrl } from './secrets.ts';
import { adviceFor, classOf } from './status-class.ts';
import type { Outcome, OutcomeKind, Transport } from './transport.ts';
import type { Trust } from './trust.ts';

export interface HttpTransportOptions {
  /** Sent in the header X-Api-Key; undefined for none. */
  readonly apiKey: string | undefined;
  readonly userAgent: string;
  /** Headers of the settings, e.g. of a tenant; their values are masked in messages. */
  readonly extraHeaders?: Readonly<Record<string, string>>;
  /** Shared by all transports of the agent. */
  readonly trust: Trust;
  /** Called for each request. */
  readonly proxyFor: (url: URL) => ProxyChoice;
  /** Milliseconds since 1970, for a `Retry-After` date in an answer that has no Date. */
  readonly wallMs: () => number;
  /** From the start of the connection to the end of the answer; 30 s by default. */
  readonly timeoutMs?: number;
  /** Runs a function later, and returns how to cancel that; replaced by tests. */
  readonly schedule?: (run: () => void, ms: number) => () => void;
}

const TIMEOUT_MS = 30_000;
/** Characters of an answer in a message. */
const QUOTED_CHARACTERS = 200;
/** Of the value of an added header. */
const MIN_MASKED_CHARACTERS = 4;
const NO_ANSWER = new Uint8Array(0);

/** What a request ended with: an answer, or the reason why there is none. */
type Ending =
  | { readonly response: IncomingMessage; readonly answer: Uint8Array }
  | { readonly kind: OutcomeKind; readonly status: number; readonly reason: string; readonly stale: boolean };

function failed(reason: string, kind: OutcomeKind = 'retryable', status = 0, stale = false): Ending {
  return { kind, status, reason, stale };
}

export class HttpTransport implements Transport {
  readonly #options: HttpTransportOptions;
  readonly #timeoutMs: number;
  readonly #agents = new Agents();

  constructor(options: HttpTransportOptions) {
    this.#options = options;
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  }

  async post(url: URL, request: RequestBody, signal: AbortSignal): Promise<Outcome> {
    const startMs = monotonicMs();
    const choice = this.#options.proxyFor(url);
    const ending = await this.#send(url, request, signal, choice);
    const durationMs = monotonicMs() - startMs;
    if (!('response' in ending)) {
      const problem = `${shownUrl(url)}: ${ending.reason}${this.#suffix()}`;
      return {
        kind: ending.kind,
        status: ending.status,
        answer: NO_ANSWER,
        problem,
        retryAfterMs: undefined,
        durationMs,
      };
    }
    const { response, answer } = ending;
    const status = response.statusCode!;
    const { date } = response.headers;
    const retryAfterMs = parseRetryAfter(response.headers['retry-after'], date, this.#options.wallMs);
    const kind = classOf(status);
    const problem =
      kind === 'success' ? '' : problemOf(url, status, answer, this.#secretsOf(url, choice), choice.proxy);
    return { kind, status, answer, problem, retryAfterMs, durationMs };
  }

  problem(): string {
    return this.#options.trust.problem();
  }

  close(): void {
    this.#agents.destroy();
  }

  /** An unusable ca-file explains a refused certificate. */
  #suffix(): string {
    const problem = this.problem();
    return problem === '' ? '' : `; ${problem}`;
  }

  async #send(url: URL, request: RequestBody, signal: AbortSignal, choice: ProxyChoice): Promise<Ending> {
    if (choice.problem !== '') return failed(choice.problem, 'refused');
    try {
      const ending = await this.#attempt(url, request, signal, choice.proxy);
      // The receiver closed an idle connection while the request was on its way:
      // https://nodejs.org/api/http.html#requestreusedsocket
      if (!('response' in ending) && ending.stale && !signal.aborted)
        return await this.#attempt(url, request, signal, choice.proxy);
      return ending;
    } catch (error) {
      // Node rejects a header before anything is sent; its message names the header and not the value.
      const { code } = error as { code?: unknown };
      if (code === 'ERR_INVALID_CHAR')
        return failed('api-key or another header has characters that a header cannot have', 'refused');
      return failed(explain(error, this.#pathOf(url, choice.proxy)));
    }
  }

  async #attempt(url: URL, request: RequestBody, signal: AbortSignal, proxy: URL | undefined): Promise<Ending> {
    const secure = url.protocol === 'https:';
    const agent = secure ? this.#agents.https(proxy, await this.#options.trust.context()) : this.#agents.http(proxy);
    if (signal.aborted) return failed('the request was cancelled');
    const path = this.#pathOf(url, proxy);
    const { schedule = later } = this.#options;
    return await new Promise<Ending>((resolve, reject) => {
      let sent: ClientRequest | undefined;
      let created: Socket | undefined;
      const end = (ending: Ending): void => {
        cancel();
        signal.removeEventListener('abort', abort);
        resolve(ending);
      };
      const cut = (ending: Ending): void => {
        end(ending);
        sent?.destroy();
        created?.destroy();
      };
      let received: IncomingMessage | undefined;
      let answer: Uint8Array = NO_ANSWER;
      // The receiver has decided once its status is there, whatever happens to the rest of the answer.
      const stop = (reason: string): void => cut(received ? { response: received, answer } : failed(reason));
      const abort = (): void => stop('the request was cancelled');
      const cancel = schedule(() => stop(explainTimeout(path)), this.#timeoutMs);
      signal.addEventListener('abort', abort);
      const options: RequestOptions & WithSocketHook = {
        ...targetOf(url),
        method: 'POST',
        agent,
        headers: this.#headers(url, request),
        onSocketCreated: (socket: Socket) => {
          created = socket;
        },
      };
      try {
        sent = (secure ? httpsRequest : httpRequest)(options);
        sent.on('error', (error) => {
          if (received) return stop('');
          cut(this.#failure(error, path, sent!.reusedSocket));
        });
        sent.on('close', () => received ?? cut(this.#failure(new Error('closed'), path, false)));
        sent.on('response', (response) => {
          received = response;
          readAnswer(response, (kept) => (answer = kept)).then((complete) => {
            if (complete) end({ response, answer });
            else cut({ response, answer });
          });
        });
        sent.end(request.body);
      } catch (error) {
        cancel();
        signal.removeEventListener('abort', abort);
        sent?.destroy();
        reject(error);
      }
    });
  }

  #failure(error: Error, path: RequestPath, reused: boolean): Ending {
    const { code, statusCode = 0 } = error as { code?: string; statusCode?: number };
    if (code === 'ERR_PROXY_TUNNEL') {
      const refused = statusCode === 401 || statusCode === 403 || statusCode === 407;
      return failed(explainTunnel(statusCode, path), refused ? 'refused' : 'retryable', statusCode);
    }
    return failed(explain(error, path), 'retryable', 0, reused && (code === 'ECONNRESET' || code === 'EPIPE'));
  }

  #headers(url: URL, { headers, body }: RequestBody): Record<string, string | number> {
    const { apiKey, userAgent, extraHeaders } = this.#options;
    const credentials = basicCredentials(url);
    return {
      'User-Agent': userAgent,
      ...(credentials !== undefined && { Authorization: credentials }),
      ...extraHeaders,
      ...headers,
      'Content-Length': body.byteLength,
      ...(apiKey !== undefined && { 'X-Api-Key': apiKey }),
    };
  }

  #secretsOf(url: URL, { proxy }: ProxyChoice): Secrets {
    const { apiKey, extraHeaders = {} } = this.#options;
    // A receiver may repeat the token of `Bearer TOKEN` without its scheme. Short values would mask unrelated text.
    const values = Object.values(extraHeaders).flatMap((value) => [value, ...value.split(' '), ...basicSecrets(value)]);
    const secrets = values.filter(({ length }) => length >= MIN_MASKED_CHARACTERS);
    return new Secrets(apiKey === undefined ? secrets : [apiKey, ...secrets], proxy ? [url, proxy] : [url]);
  }

  #pathOf(url: URL, proxy: URL | undefined): RequestPath {
    return { receiver: hostAndPort(url), proxy: proxy && hostAndPort(proxy), timeoutMs: this.#timeoutMs };
  }
}

function problemOf(url: URL, status: number, answer: Uint8Array, secrets: Secrets, proxy: URL | undefined): string {
  const text = secrets.mask(Buffer.from(answer).toString('utf8')).replace(/\s+/g, ' ').trim();
  const quoted = printable(text).slice(0, QUOTED_CHARACTERS);
  const quote = quoted === '' ? '' : ` ("${quoted}")`;
  // Through a tunnel of HTTPS only the receiver answers.
  const viaProxy = proxy !== undefined && url.protocol === 'http:';
  return `${shownUrl(url)} answered ${status}: ${adviceFor(status, viaProxy)}${quote}`;
}

function targetOf({ protocol, hostname, port, pathname, search }: URL): RequestOptions {
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return { protocol, hostname: host, port: port === '' ? undefined : Number(port), path: `${pathname}${search}` };
}

function hostAndPort({ protocol, hostname, port }: URL): string {
  return `${hostname}:${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`;
}

function later(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
