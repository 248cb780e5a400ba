// Calls to the Docker daemon through dockerode, with unparsed answers.
import type { Readable } from 'node:stream';
import Docker from 'dockerode';
import type { DockerEndpoint } from './endpoint.ts';
import { BoundedModem, type ModemLimits } from './modem.ts';

/** Events after which a container is inspected again. */
const CONTAINER_EVENTS = [
  'create',
  'destroy',
  'die',
  'health_status',
  'kill',
  'oom',
  'pause',
  'rename',
  'restart',
  'start',
  'stop',
  'unpause',
  'update',
];

/** All of them reject with AnswerError. */
export interface DockerCalls {
  /** Version of the API of all later calls, e.g. `1.44`. */
  useVersion(apiVersion: string): void;
  version(): Promise<unknown>;
  info(): Promise<unknown>;
  /** Running, paused and restarting containers. */
  list(): Promise<unknown>;
  inspect(id: string): Promise<unknown>;
  stats(id: string): Promise<unknown>;
  /** Lines of JSON, until the stream is destroyed. */
  events(): Promise<Readable>;
  /** Ends all calls that wait for an answer. */
  close(): void;
}

export class DockerClient implements DockerCalls {
  readonly #modem: BoundedModem;
  readonly #docker: Docker;

  constructor({ address }: DockerEndpoint, limits?: Partial<ModemLimits>) {
    this.#modem = new BoundedModem(address, limits);
    // dockerode takes any object with `dial` as its modem; its types do not have this parameter.
    this.#docker = new Docker({ modem: this.#modem } as Docker.DockerOptions);
  }

  useVersion(apiVersion: string): void {
    this.#modem.version = `v${apiVersion}`;
  }

  version(): Promise<unknown> {
    return this.#docker.version();
  }

  info(): Promise<unknown> {
    return this.#docker.info();
  }

  list(): Promise<unknown> {
    return this.#docker.listContainers();
  }

  inspect(id: string): Promise<unknown> {
    return this.#docker.getContainer(id).inspect();
  }

  /** One reading at once: without `one-shot` the daemon waits for a second one. */
  stats(id: string): Promise<unknown> {
    return this.#docker.getContainer(id).stats({ stream: false, 'one-shot': true });
  }

  async events(): Promise<Readable> {
    const filters = { type: ['container', 'network'], event: [...CONTAINER_EVENTS, 'connect', 'disconnect'] };
    return (await this.#docker.getEvents({ filters: JSON.stringify(filters) })) as Readable;
  }

  close(): void {
    this.#modem.close();
  }
}
