// A double of the collector of a Coroot server: its routes, checks and answers, with faults that tests switch on.
// Written from the behaviour of https://github.com/coroot/coroot/tree/main/collector.
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import {
  type DecodedLogs,
  type DecodedProfile,
  type DecodedTraces,
  decodeLogs,
  decodeProfile,
  decodeTraces,
} from './protobuf.ts';
import { decodeWriteRequest, type WriteRequest } from './write-request.ts';

export type CollectorRoute = '/v1/metrics' | '/v1/logs' | '/v1/traces' | '/v1/profiles';

/**
 * What happens to the requests of a route instead of, or before, the usual answer. A fault ends after `times` requests;
 * without it, when the test removes it.
 */
export type CollectorFault = { readonly times?: number } & (
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly answer?: string;
    }
  /** The usual answer comes when the promise resolves. */
  | { readonly kind: 'delay'; readonly until: Promise<void> }
  /** The connection is cut before the request was read, or after it was accepted and before the answer. */
  | { readonly kind: 'cut'; readonly when: 'before' | 'after' }
);

export interface CollectorOptions {
  /** API keys of its projects; '' accepts requests without a key, as a server with one project does. */
  readonly keys?: readonly string[];
  /** Where it forwards metrics, the remote write URL of a Prometheus; without it metrics go to ClickHouse. */
  readonly prometheus?: URL;
  /** Whether it has a ClickHouse, without which it answers 404 to logs, traces and profiles; default true. */
  readonly clickhouse?: boolean;
}

export interface CollectorRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly bytes: number;
  /** 0 when the connection was cut before the answer. */
  readonly status: number;
}

export class CorootCollector implements AsyncDisposable {
  /** Base of the routes: the value of the setting `collector-endpoint`. */
  readonly url: URL;
  /** Accepted keys; a test may rotate them. */
  readonly keys: Set<string>;
  readonly faults = new Map<CollectorRoute, CollectorFault>();
  readonly requests: CollectorRequest[] = [];
  /** What was accepted, in order. Metrics that a Prometheus has refused are in `refusedMetrics`. */
  readonly metrics: WriteRequest[] = [];
  readonly refusedMetrics: WriteRequest[] = [];
  readonly logs: DecodedLogs[] = [];
  readonly traces: DecodedTraces[] = [];
  readonly profiles: {
    readonly service: string;
    readonly labels: URLSearchParams;
    readonly profile: DecodedProfile;
  }[] = [];
  readonly #options: CollectorOptions;
  readonly #server: Server;

  private constructor(options: CollectorOptions, server: Server) {
    this.#options = options;
    this.#server = server;
    this.keys = new Set(options.keys ?? ['']);
    this.url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    server.on('request', (incoming, answer) => void this.#handle(incoming, answer));
  }

  static async open(options: CollectorOptions = {}): Promise<CorootCollector> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return new CorootCollector(options, server);
  }

  /** Stops listening and cuts all connections, as a server that is down. */
  async refuse(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  /** Listens again on the same port. */
  async accept(): Promise<void> {
    await once(this.#server.listen(Number(this.url.port), '127.0.0.1'), 'listening');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server.listening) await this.refuse();
  }

  async #handle(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', this.url);
    const fault = this.#fault(url.pathname as CollectorRoute);
    const record = (bytes: number, status: number): void => {
      this.requests.push({ path: url.pathname, headers: incoming.headers, bytes, status });
    };
    if (fault?.kind === 'cut' && fault.when === 'before') {
      record(0, 0);
      incoming.socket.destroy();
      return;
    }
    let body: Buffer;
    try {
      body = await buffer(incoming);
    } catch {
      record(0, 0);
      return;
    }
    if (fault?.kind === 'delay') await fault.until;
    const result =
      fault?.kind === 'status'
        ? { status: fault.status, headers: fault.headers ?? {}, answer: fault.answer ?? '' }
        : await this.#answer(url, incoming, body);
    if (fault?.kind === 'cut') {
      record(body.length, 0);
      incoming.socket.destroy();
      return;
    }
    record(body.length, result.status);
    answer.writeHead(result.status, result.headers).end(result.answer);
  }

  #fault(route: CollectorRoute): CollectorFault | undefined {
    const fault = this.faults.get(route);
    if (fault?.times === undefined) return fault;
    if (fault.times > 1) this.faults.set(route, { ...fault, times: fault.times - 1 });
    else this.faults.delete(route);
    return fault;
  }

  async #answer(url: URL, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
    const { headers } = incoming;
    if (!this.keys.has(String(headers['x-api-key'] ?? ''))) return fail(404, 'project not found');
    if (url.pathname === '/v1/config') return ok;
    if (url.pathname === '/v1/metrics')
      return this.#options.prometheus
        ? this.#forward(this.#options.prometheus, incoming, body)
        : this.#store(headers, body);
    if (!['/v1/logs', '/v1/traces', '/v1/profiles'].includes(url.pathname)) return fail(404, '404 page not found');
    if (this.#options.clickhouse === false) return fail(404, 'clickhouse integration is not configured');
    try {
      if (url.pathname === '/v1/profiles') return this.#storeProfile(url.searchParams, body);
      const type = headers['content-type'];
      if (type !== 'application/x-protobuf') return fail(400, `unsupported content type: ${type ?? ''}`);
      const plain = decompress(headers['content-encoding'], body);
      if (url.pathname === '/v1/logs') this.logs.push(decodeLogs(plain));
      else this.traces.push(decodeTraces(plain));
      // An empty export response: nothing was rejected.
      return { status: 200, headers: { 'content-type': type }, answer: '' };
    } catch {
      return fail(400, '');
    }
  }

  /** Metrics into ClickHouse: the headers are compared exactly. */
  #store(headers: IncomingMessage['headers'], body: Buffer): Answer {
    if (headers['content-type'] !== 'application/x-protobuf' || headers['content-encoding'] !== 'snappy')
      return fail(400, '');
    try {
      this.metrics.push(decodeWriteRequest(body));
      return ok;
    } catch {
      return fail(400, '');
    }
  }

  /** Metrics to Prometheus: body and headers untouched, and its 400 becomes 200 so that agents do not retry. */
  async #forward(target: URL, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
    const { host: _host, connection: _connection, 'transfer-encoding': _encoding, ...headers } = incoming.headers;
    let status: number;
    let answer: Buffer;
    try {
      const outgoing = request(target, { method: 'POST', headers: { ...headers, 'content-length': body.length } });
      outgoing.end(body);
      const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
      answer = await buffer(response);
      status = response.statusCode ?? 500;
    } catch {
      return fail(500, '');
    }
    if (status === 400) {
      this.#keep(this.refusedMetrics, body);
      return ok;
    }
    if (status < 300) this.#keep(this.metrics, body);
    return { status, headers: {}, answer };
  }

  #keep(list: WriteRequest[], body: Buffer): void {
    try {
      list.push(decodeWriteRequest(body));
    } catch {
      // The Prometheus behind it decides what is a valid body.
    }
  }

  #storeProfile(query: URLSearchParams, body: Buffer): Answer {
    const service = query.get('service.name') ?? '';
    if (service === '') return fail(400, 'service.name is empty');
    const labels = new URLSearchParams(query);
    labels.delete('service.name');
    // The pprof library recognises gzip by its first bytes; the header plays no part.
    const plain = body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : body;
    this.profiles.push({ service, labels, profile: decodeProfile(plain) });
    return ok;
  }
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly answer: string | Buffer;
}

const ok: Answer = { status: 200, headers: {}, answer: '' };

function fail(status: number, answer: string): Answer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, answer: `${answer}\n` };
}

/** Content encodings of logs and traces. The framed format of snappy, which a real server also takes, is not needed. */
function decompress(encoding: string | undefined, body: Buffer): Buffer {
  switch (encoding) {
    case undefined:
    case '':
      return body;
    case 'gzip':
      return gunzipSync(body);
    case 'zlib':
    case 'deflate':
      return inflateSync(body);
    case 'zstd':
      return zstdDecompressSync(body);
    default:
      throw new Error(`unsupported content encoding: ${encoding}`);
  }
}
