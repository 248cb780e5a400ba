// Requests to the metadata service of a cloud: plain, small, never through a proxy.
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { boundedText } from '../../base/bounded-text.ts';

const REQUEST_MS = 5000;
const MAX_ANSWER_BYTES = 256 * 1024;

/** The service answered, but not with 200. */
export class StatusError extends Error {
  readonly status: number;

  constructor(url: string, status: number) {
    super(`${url} answered ${status}`);
    this.name = 'StatusError';
    this.status = status;
  }
}

export interface MetadataRequest {
  readonly method?: 'GET' | 'PUT';
  readonly headers?: OutgoingHttpHeaders;
}

export interface MetadataClient {
  /** The body of an answer with status 200. Rejects for any other answer, none, or one that is slow or too long. */
  text(url: string, request?: MetadataRequest): Promise<string>;
}

export class HttpMetadataClient implements MetadataClient {
  readonly #signal: AbortSignal;
  readonly #timeoutMs: number;
  /** With no `proxyEnv` of its own an agent might follow that of the process. */
  readonly #http = new HttpAgent({ keepAlive: false, proxyEnv: {} });
  readonly #https = new HttpsAgent({ keepAlive: false, proxyEnv: {} });

  /** `signal` ends a request that is in progress. */
  constructor(signal: AbortSignal, timeoutMs = REQUEST_MS) {
    this.#signal = signal;
    this.#timeoutMs = timeoutMs;
  }

  async text(url: string, { method = 'GET', headers = {} }: MetadataRequest = {}): Promise<string> {
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    const options = { method, headers, signal: AbortSignal.any([this.#signal, timeout]) };
    try {
      return await new Promise<string>((resolve, reject) => {
        const onResponse = (response: IncomingMessage): void => {
          if (response.statusCode !== 200) {
            response.destroy();
            reject(new StatusError(url, response.statusCode ?? 0));
          } else readBody(url, response).then(resolve, reject);
        };
        const request = url.startsWith('https:')
          ? httpsRequest(url, { ...options, agent: this.#https }, onResponse)
          : httpRequest(url, { ...options, agent: this.#http }, onResponse);
        request.on('error', reject);
        request.end();
      });
    } catch (error) {
      if (timeout.aborted) throw new Error(`${url} has not answered within ${this.#timeoutMs} ms`, { cause: error });
      throw error;
    }
  }
}

function readBody(url: string, response: IncomingMessage): Promise<string> {
  const tooLarge = () => new Error(`${url} answered with more than ${MAX_ANSWER_BYTES} bytes`);
  return boundedText(response, MAX_ANSWER_BYTES, tooLarge);
}
