// One process from its birth to its death, and whose it is.
import type { ProcessEventRecord } from '../../sources/host.ts';
import type { Container } from '../containers/container.ts';
import type { ContainerNetwork } from '../net/container-network.ts';

/** Whose a process is: networks, none for nobody; `shared` by several services, or not known yet. */
export type ProcessOwners = readonly ContainerNetwork[] | 'shared' | undefined;

export class ProcessInstance {
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
  imageName: string;
  /** Undefined while unknown, and when the process is forgotten. */
  parent: ProcessInstance | undefined;
  /** 0 while it lives. */
  endedAtMs = 0;
  /** The event that told its end. */
  stop: ProcessEventRecord | undefined;
  /** A process list has shown it, or it is known to be a container's all the same. */
  listed = false;
  /** Whose its connections are, by the last process list that had it. */
  owners: ProcessOwners;
  /** Those in whose trees it was then. */
  containers: readonly Container[] = [];

  constructor(pid: number, createdAtMs: number, imageName: string) {
    this.pid = pid;
    this.createdAtMs = createdAtMs;
    this.imageName = imageName;
  }

  /** It is whose that ancestor is. */
  inherit({ containers }: ProcessInstance, owners: ProcessOwners): void {
    this.listed = owners !== undefined;
    this.containers = containers;
    this.owners = owners;
  }

  /** It was the root process of that container when nobody looked. */
  belongTo(container: Container): void {
    this.listed = true;
    this.containers = [container];
    this.owners = [container.network];
  }
}
