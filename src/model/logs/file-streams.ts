// Streams of log files: the container of each one, and the samples of its patterns.
import type { CountedMessages } from '../../logs/counted-messages.ts';
import type { FileMessages } from '../../sources/host.ts';
import type { Container } from '../containers/container.ts';

type StreamKey = Pick<FileMessages, 'service' | 'docker' | 'source'>;

export class FileStreams {
  /** By key name in lower case. */
  #byService: ReadonlyMap<string, Container> = new Map();
  /** By the id that Docker has given the container. */
  #byDockerId: ReadonlyMap<string, Container> = new Map();
  /** Sample by level and hash, for each stream. */
  readonly #samples = new Map<string, Map<string, string>>();

  /** Takes the containers of a tick. */
  update(containers: readonly Container[]): void {
    const services = containers.filter(({ kind }) => kind === 'service');
    this.#byService = new Map(services.map((container) => [container.name.toLowerCase(), container]));
    const ofDocker = containers.flatMap((container) => {
      return container.docker ? [[container.docker.record.id, container] as const] : [];
    });
    this.#byDockerId = new Map(ofDocker);
  }

  /** Undefined while there is no such container. */
  containerOf({ service, docker }: StreamKey): Container | undefined {
    if (docker !== undefined) return this.#byDockerId.get(docker);
    return service === undefined ? undefined : this.#byService.get(service.toLowerCase());
  }

  /** The worker passes a sample once; a container that was gone and came back needs it again. */
  withSample(stream: StreamKey, counted: FileMessages['counted'][number]): CountedMessages {
    const { level, hash, sample } = counted;
    if (hash === '') return { ...counted, sample: '' };
    const key = JSON.stringify([stream.service ?? stream.docker, stream.source]);
    let samples = this.#samples.get(key);
    if (!samples) {
      samples = new Map();
      this.#samples.set(key, samples);
    }
    const pattern = `${level} ${hash}`;
    if (sample !== undefined) samples.set(pattern, sample);
    return { ...counted, sample: samples.get(pattern) ?? '' };
  }
}
