// Streams of log files: the container of each one, and the samples of its patterns.
import type { CountedMessages } from '../../logs/counted-messages.ts';
import type { FileMessages } from '../../sources/host.ts';
import type { Container } from '../containers/container.ts';
import type { ContainerRegistry } from '../containers/registry.ts';

type StreamKey = Pick<FileMessages, 'service' | 'docker' | 'source'>;

export class FileStreams {
  readonly #containers: Pick<ContainerRegistry, 'all' | 'byDockerId'>;
  /** By key name in lower case. */
  #byService: ReadonlyMap<string, Container> = new Map();
  /** Sample by level and hash, for each stream. */
  readonly #samples = new Map<string, Map<string, string>>();

  constructor(containers: Pick<ContainerRegistry, 'all' | 'byDockerId'>) {
    this.#containers = containers;
  }

  /** Takes the services of a tick. */
  update(): void {
    const services = this.#containers.all().filter(({ kind }) => kind === 'service');
    this.#byService = new Map(services.map((container) => [container.name.toLowerCase(), container]));
  }

  /** Undefined while there is no such container. */
  containerOf({ service, docker }: StreamKey): Container | undefined {
    if (docker !== undefined) return this.#containers.byDockerId(docker);
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
