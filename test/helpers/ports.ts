// Free TCP ports on loopback.
import { createServer } from 'node:net';

/** The system may assign a port again as soon as it is closed. */
const returned = new Set<number>();

/** A port without a listener at the moment, and another one for each call of this process. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await unusedPort();
    if (returned.has(port)) continue;
    returned.add(port);
    return port;
  }
}

function unusedPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
