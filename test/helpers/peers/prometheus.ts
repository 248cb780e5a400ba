// Prometheus as a receiver of remote write.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installPeer, prometheusPackage } from '../../../scripts/lib/debian-peers.ts';
import { answers, PeerProcess } from './peer-process.ts';

export interface Prometheus extends AsyncDisposable {
  readonly process: PeerProcess;
  /** Base of the query API. */
  readonly server: URL;
  /** Where it takes remote write. */
  readonly writeUrl: URL;
}

/**
 * Starts Prometheus with the receiver of remote write. `outOfOrderWindow`, e.g. `1h`, lets it accept older samples; by
 * default it refuses them.
 */
export async function openPrometheus(options: { readonly outOfOrderWindow?: string } = {}): Promise<Prometheus> {
  const program = await installPeer(prometheusPackage);
  const { outOfOrderWindow } = options;
  const process = await PeerProcess.open({
    name: 'prometheus',
    program,
    args: (port, folder) => {
      const config = join(folder, 'prometheus.yml');
      writeFileSync(
        config,
        outOfOrderWindow ? `storage: {tsdb: {out_of_order_time_window: ${outOfOrderWindow}}}\n` : '',
      );
      return [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--web.enable-remote-write-receiver',
      ];
    },
    isReady: (port) => answers(`http://127.0.0.1:${port}/-/ready`),
  });
  const server = new URL(`http://127.0.0.1:${process.port}/`);
  return {
    process,
    server,
    writeUrl: new URL('api/v1/write', server),
    [Symbol.asyncDispose]: () => process[Symbol.asyncDispose](),
  };
}
