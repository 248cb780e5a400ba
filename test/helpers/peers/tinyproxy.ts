// An HTTP proxy for tests, tinyproxy, with or without a password.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installPeer, tinyproxyPackage } from '../../../scripts/lib/debian-peers.ts';
import { accepts, PeerProcess } from './peer-process.ts';

export interface Tinyproxy extends AsyncDisposable {
  readonly process: PeerProcess;
  /** The proxy's URL without user and password. */
  readonly url: URL;
  /** Requests that it has handled so far, by the method and target of its log, e.g. `CONNECT 127.0.0.1:443`. */
  requests(): readonly string[];
}

/** Starts a proxy that allows CONNECT to every port; with `user` and `password` it demands Basic authentication. */
export async function openTinyproxy(credentials?: {
  readonly user: string;
  readonly password: string;
}): Promise<Tinyproxy> {
  const program = await installPeer(tinyproxyPackage);
  const process = await PeerProcess.open({
    name: 'tinyproxy',
    program,
    args: (port, folder) => {
      const config = join(folder, 'tinyproxy.conf');
      const lines = [`Port ${port}`, 'Listen 127.0.0.1', 'Timeout 60', 'MaxClients 50', 'LogLevel Connect'];
      if (credentials) lines.push(`BasicAuth ${credentials.user} ${credentials.password}`);
      writeFileSync(config, `${lines.join('\n')}\n`);
      return ['-d', '-c', config];
    },
    isReady: accepts,
  });
  return {
    process,
    url: new URL(`http://127.0.0.1:${process.port}`),
    requests: () =>
      [...process.output.matchAll(/Request \(file descriptor \d+\): (\S+ \S+)/g)].map(([, line]) => line!),
    [Symbol.asyncDispose]: () => process[Symbol.asyncDispose](),
  };
}
