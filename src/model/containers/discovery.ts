// Discovers containers: turns Windows services and the containers of Docker into one list.
import type { DockerContainer, ServiceRecord } from '../../sources/host.ts';
import type { Discovered } from './container.ts';
import { ContainerIds } from './container-ids.ts';
import { discoveredDocker } from './docker.ts';
import type { ServiceExit } from './exit.ts';
import {
  type ContainerFilter,
  decideServices,
  exitOf,
  isContainer,
  isStopping,
  namesOf,
  type ServiceDecision,
} from './services.ts';

export interface DiscoveryOptions {
  readonly filter: ContainerFilter;
  /** Whether a service that is started manually or by a trigger is a container while it runs. */
  readonly includeService?: ((serviceName: string) => boolean) | undefined;
}

export class Discovery {
  /** The last list of services; undefined before the first, when it is unknown which containers exist. */
  services: readonly ServiceRecord[] | undefined;
  /** One decision for each service. */
  decisions: readonly ServiceDecision[] = [];
  found: readonly Discovered[] = [];
  /** How services that were stopped normally exited, by container id. */
  stopped: ReadonlyMap<string, ServiceExit> = new Map();
  readonly #options: DiscoveryOptions;
  readonly #ids = new ContainerIds();

  constructor(options: DiscoveryOptions) {
    this.#options = options;
  }

  /**
   * Derives the other fields from `services` and from the containers of Docker. `isRetained` returns whether a
   * container with this id still exists.
   */
  update(
    isRetained: (containerId: string) => boolean = () => false,
    dockerContainers: readonly DockerContainer[] = [],
  ): void {
    if (!this.services) return;
    const { filter, includeService = () => false } = this.#options;
    const ids = this.#ids.assign(namesOf(this.services), isRetained);
    this.decisions = decideServices(this.services, filter, includeService, ids);
    const ofDocker = dockerContainers.map(discoveredDocker).filter(({ id }) => filter(id) === 'selected');
    this.found = [...this.decisions.filter(({ rule }) => isContainer(rule)).map(discovered), ...ofDocker];
    this.stopped = new Map(this.decisions.filter(({ rule }) => rule === 'not-running').flatMap(exitsById));
  }
}

function discovered({ service, containerId }: ServiceDecision): Discovered {
  const { name, displayName, pid } = service;
  const exit = exitOf(service);
  return {
    id: containerId,
    kind: 'service',
    name,
    displayName,
    image: '',
    pid,
    stopping: isStopping(service),
    ...(exit ? { exit } : {}),
  };
}

function exitsById({ service, containerId }: ServiceDecision): [id: string, exit: ServiceExit][] {
  const exit = exitOf(service);
  return exit ? [[containerId, exit]] : [];
}
