// The HTTP server of the control plane: limits connections and paces their requests.
import { type IncomingMessage, type RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Connections } from './connections.ts';
import type { ServerLimits } from './limits.ts';
import { PacedConnection } from './paced-connection.ts';

/** Time between two checks of the time limits of requests, in milliseconds. */
const CHECK_MS = 5000;

/** Announces its request to the connection. */
class PacedResponse<Request extends IncomingMessage> extends ServerResponse<Request> {
  constructor(...[request, ...rest]: ConstructorParameters<typeof ServerResponse<Request>>) {
    super(request, ...rest);
    const connection: Socket | PacedConnection = request.socket;
    if (connection instanceof PacedConnection) connection.begin(this);
  }
}

class LimitedServer extends Server {
  readonly #connections: Connections;

  constructor(connections: Connections, onRequest: RequestListener) {
    super(
      {
        // Node answers a missing Host header without a body; the host check has an answer in the form of errors.
        requireHostHeader: false,
        ServerResponse: PacedResponse,
        connectionsCheckingInterval: CHECK_MS,
      },
      onRequest,
    );
    this.#connections = connections;
  }

  /** Node documents that any duplex stream may be emitted as a connection. */
  override emit(event: string, ...values: unknown[]): boolean {
    if (event !== 'connection') return super.emit(event, ...values);
    this.#connections.admit(values[0] as Socket, (connection) => super.emit('connection', connection));
    return true;
  }

  override closeAllConnections(): void {
    this.#connections.closeArrived();
    super.closeAllConnections();
  }
}

export function createHttpServer(
  connections: Connections,
  { requestMs, idleMs }: ServerLimits,
  onRequest: RequestListener,
): Server {
  const server = new LimitedServer(connections, onRequest);
  server.requestTimeout = requestMs;
  server.headersTimeout = requestMs;
  server.keepAliveTimeout = idleMs;
  return server;
}
