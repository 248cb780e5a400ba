// The transport of dockerode: requests to the daemon with limits of time and size, and without redirects.
import { Agent as HttpAgent, type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { stringify } from 'node:querystring';
import { AnswerError } from './answer-error.ts';
import type { DockerAddress } from './endpoint.ts';

/** What dockerode passes for a call. */
export interface DialOptions {
  /** A query is appended if it ends in `?`. */
  readonly path: string;
  readonly method: string;
  /** Parameters of the query. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** The answer is passed as a stream. */
  readonly isStream?: boolean;
}

type DialCallback = (error: Error | null, answer?: unknown) => void;

export interface ModemLimits {
  /** Longest time until an answer is complete; of a stream, until its headers are there. */
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
}

/** A list of 2,000 containers with the labels of an orchestrator has about 4 MB. */
const STANDARD_LIMITS: ModemLimits = { timeoutMs: 10_000, maxAnswerBytes: 8 * 1024 * 1024 };
/** Longest text of an error that is shown. */
const MAX_REASON = 300;
/** Of an answer that is an error, so many bytes are read. */
const MAX_ERROR_BYTES = 16_384;
/** Connections that are kept open, besides the event stream. */
const MAX_SOCKETS = 8;

/** Created with the parameter that dockerode calls `modem`. */
export class BoundedModem {
  /** Version of the API in every path, e.g. `v1.44`; none until it is negotiated. */
  version: string | undefined;
  readonly #address: DockerAddress;
  readonly #limits: ModemLimits;
  readonly #agent: HttpAgent;
  readonly #send: typeof requestHttp;
  /** Ends each call that waits for its answer. */
  readonly #waiting = new Set<(error: Error) => void>();

  constructor(address: DockerAddress, limits: Partial<ModemLimits> = {}) {
    this.#address = address;
    this.#limits = { ...STANDARD_LIMITS, ...limits };
    const options = { keepAlive: true, maxSockets: MAX_SOCKETS, maxFreeSockets: 2 };
    const isTls = address.kind === 'tcp' && address.tls !== undefined;
    this.#agent = isTls ? new HttpsAgent(options) : new HttpAgent(options);
    this.#send = isTls ? requestHttps : requestHttp;
  }

  /** Calls back with the parsed answer, or with the stream; with AnswerError if there is no usable one. */
  dial(options: DialOptions, callback: DialCallback): void {
    const { isStream = false } = options;
    const request = this.#send(this.#requestOptions(options));
    const done: DialCallback = (error, answer) => {
      if (!this.#waiting.delete(fail)) return;
      clearTimeout(timer);
      if (error) request.destroy();
      callback(error, answer);
    };
    const fail = (error: Error): void => done(error);
    const timer = setTimeout(() => {
      fail(new AnswerError('timeout', `Docker did not answer within ${this.#limits.timeoutMs / 1000} s`));
    }, this.#limits.timeoutMs);
    this.#waiting.add(fail);
    request.on('error', (error) => fail(connectionError(error)));
    request.on('response', (answer) => {
      const { statusCode = 0 } = answer;
      const isGood = statusCode >= 200 && statusCode <= 299;
      if (isGood && isStream) {
        done(null, answer);
        return;
      }
      const maxBytes = isGood ? this.#limits.maxAnswerBytes : MAX_ERROR_BYTES;
      collect(answer, maxBytes, !isGood, (error, text = '') => {
        if (error) fail(error);
        else if (!isGood) fail(statusError(statusCode, text));
        else if (this.#waiting.has(fail)) finish(text, done);
      });
    });
    request.end();
  }

  /** Ends all calls that wait for an answer, and the connections that are kept open. */
  close(): void {
    for (const fail of [...this.#waiting]) fail(new AnswerError('closed', 'the connection to Docker was closed'));
    this.#agent.destroy();
  }

  #requestOptions({ path, method, options = {} }: DialOptions): RequestOptions {
    const address = this.#address;
    const query = stringify(
      Object.fromEntries(Object.entries(options).map(([name, value]) => [name, queryValue(value)])),
    );
    const target = path.endsWith('?') ? (query === '' ? path.slice(0, -1) : path + query) : path;
    const versioned = this.version === undefined ? target : `/${this.version}${target}`;
    const common = { path: versioned, method, agent: this.#agent };
    if (address.kind === 'socket') return { ...common, socketPath: address.socketPath, host: 'docker' };
    return { ...common, host: address.host, port: address.port, ...address.tls };
  }
}

/** Filters are JSON. */
function queryValue(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Calls back with the text of the answer; `isCut` takes its beginning if it is larger than `maxBytes`. */
function collect(
  answer: IncomingMessage,
  maxBytes: number,
  isCut: boolean,
  callback: (error: Error | null, text?: string) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
    else if (isCut) callback(null, Buffer.concat(chunks).toString());
    else callback(new AnswerError('too large', `an answer of Docker has more than ${maxBytes} bytes`));
  });
  answer.on('error', (error) => callback(connectionError(error)));
  answer.on('end', () => callback(null, Buffer.concat(chunks).toString()));
  answer.on('close', () => callback(new AnswerError('connection', 'an answer of Docker was cut off')));
}

function finish(text: string, done: DialCallback): void {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    done(new AnswerError('malformed', 'an answer of Docker is no JSON'));
    return;
  }
  done(null, answer);
}

function connectionError(error: NodeJS.ErrnoException): AnswerError {
  return new AnswerError('connection', `Docker cannot be reached: ${error.message}`, 0, { cause: error });
}

/** The message of Docker is `{"message": "..."}`. */
function statusError(statusCode: number, text: string): AnswerError {
  let reason = text;
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    if (typeof message === 'string') reason = message;
  } catch {
    // The text itself is the reason.
  }
  const shown = reason.replace(/\s+/g, ' ').trim().slice(0, MAX_REASON);
  return new AnswerError('status', `Docker answered with status ${statusCode}${shown && `: ${shown}`}`, statusCode);
}
