// The part of a container's answer that Docker reports.
import { endpointText } from '../../base/ip.ts';
import type { Now } from '../../model/clock.ts';
import type { Container } from '../../model/containers/container.ts';
import { address, boolean, choice, integer, list, number, record, type Static, text } from '../fields.ts';

export const dockerSchema = record(
  {
    id: text('id', 'Id that Docker has given the container, 64 hexadecimal digits; empty for a service.'),
    isolation: text('text', '`process`, `hyperv`, or `unknown`; empty for a service.'),
    state: text('text', '`running`, `paused`, `restarting` or `exited`; empty for a service.'),
    health: text('text', '`starting`, `healthy` or `unhealthy`; empty without a health check.'),
    restartCount: integer("Restarts by Docker's restart policy since the container was created."),
    statsAgeSeconds: number('Time since Docker reported CPU time and memory, in seconds; 0 while it has not.'),
    networks: list(
      record({
        name: text('text', 'Name of the network.'),
        addresses: list(text('text', 'IP address.'), 'Addresses of the container in it.'),
        receivedBytes: number('Bytes received since the container was started; 0 while unknown.'),
        transmittedBytes: number('Bytes transmitted, in the same way.'),
      }),
      'Networks of the container.',
    ),
    ports: list(
      record({
        protocol: choice(['tcp', 'udp'], 'Protocol.'),
        hostAddress: address,
        containerPort: integer('Port inside the container.'),
      }),
      'Published ports.',
    ),
    logDriver: text('text', 'Log driver, e.g. `json-file`.'),
    logMonitoring: boolean('False if `COROOT_LOG_MONITORING=disabled` is set in the container, and for a service.'),
  },
  'What Docker reports about the container.',
);

type DockerView = Static<typeof dockerSchema>;

export function dockerView({ docker }: Container, { monoMs }: Now): DockerView {
  if (!docker) return NO_DOCKER;
  const { id, isolation, state, health = '', restartCount, networks, ports, logDriver, logMonitoring } = docker.record;
  const traffic = new Map(docker.networks.map((each) => [each.endpoint, each]));
  return {
    id,
    isolation,
    state,
    health,
    restartCount,
    statsAgeSeconds: (docker.statsAgeMs(monoMs) ?? 0) / 1000,
    networks: networks.map(({ name, endpoint, addresses }) => {
      const { receivedBytes = 0, transmittedBytes = 0 } = traffic.get(endpoint) ?? {};
      return { name, addresses: [...addresses], receivedBytes, transmittedBytes };
    }),
    ports: ports.map(({ protocol, hostIp, hostPort, containerPort }) => {
      return { protocol, hostAddress: endpointText(hostIp, hostPort), containerPort };
    }),
    logDriver,
    logMonitoring,
  };
}

const NO_DOCKER: DockerView = {
  id: '',
  isolation: '',
  state: '',
  health: '',
  restartCount: 0,
  statsAgeSeconds: 0,
  networks: [],
  ports: [],
  logDriver: '',
  logMonitoring: false,
};
