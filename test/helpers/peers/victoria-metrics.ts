// VictoriaMetrics as a receiver of remote write.
import { join } from 'node:path';
import { installPeer, victoriaMetricsPackage } from '../../../scripts/lib/debian-peers.ts';
import { answers, PeerProcess } from './peer-process.ts';

export interface VictoriaMetrics extends AsyncDisposable {
  readonly process: PeerProcess;
  /** Base of the query API, which is that of Prometheus. */
  readonly server: URL;
  /** Where it takes remote write. */
  readonly writeUrl: URL;
  /** Makes the received samples visible to queries, which happens within a second otherwise. */
  flush(): Promise<void>;
}

/** Starts VictoriaMetrics; queries see the newest samples, which by default they do after 30 s only. */
export async function openVictoriaMetrics(): Promise<VictoriaMetrics> {
  const program = await installPeer(victoriaMetricsPackage);
  const process = await PeerProcess.open({
    name: 'victoria-metrics',
    program,
    args: (port, folder) => [
      `-httpListenAddr=127.0.0.1:${port}`,
      `-storageDataPath=${join(folder, 'data')}`,
      '-search.latencyOffset=0s',
      '-search.disableCache',
      '-memory.allowedBytes=128MB',
    ],
    isReady: (port) => answers(`http://127.0.0.1:${port}/health`),
  });
  const server = new URL(`http://127.0.0.1:${process.port}/`);
  return {
    process,
    server,
    writeUrl: new URL('api/v1/write', server),
    flush: async () => {
      const answer = await fetch(new URL('internal/force_flush', server));
      if (answer.status !== 200) throw new Error(`VictoriaMetrics answered ${answer.status} to a flush`);
      await answer.body?.cancel();
    },
    [Symbol.asyncDispose]: () => process[Symbol.asyncDispose](),
  };
}
