// Records of Docker for tests of the model.
import type { DockerContainer, DockerDaemon, DockerStats } from '../../src/sources/host.ts';

export const dockerId = (digit: string): string => digit.repeat(64);

/** A running container with process isolation. */
export function aDockerContainer(values: Partial<DockerContainer> & { name: string }): DockerContainer {
  return {
    id: dockerId('a'),
    image: 'web:1',
    isolation: 'process',
    state: 'running',
    startedAtMs: 0,
    restartCount: 0,
    networks: [],
    ports: [],
    limits: {},
    logDriver: 'json-file',
    logMonitoring: true,
    ...values,
  };
}

export function aDaemon(containers: readonly DockerContainer[], values: Partial<DockerDaemon> = {}): DockerDaemon {
  return {
    state: 'running',
    reason: '',
    sinceMs: 1,
    endpoint: 'npipe:////./pipe/docker_engine',
    version: '27.3.1',
    apiVersion: '1.47',
    containers,
    dropped: {},
    ...values,
  };
}

export function someStats(values: Partial<DockerStats> = {}): DockerStats {
  return { id: dockerId('a'), ageMs: 0, cpuMs: 1000, privateWorkingSetBytes: 5000, networks: [], ...values };
}
