// The Docker daemon in the status.
import type { Docker } from '../../model/containers/docker.ts';
import { choice, integer, numbers, record, type Static, text } from '../fields.ts';

export const dockerSchema = record(
  {
    state: choice(['absent', 'running', 'retrying'], '`absent` where no endpoint of Docker was found.'),
    endpoint: text('endpoint', 'Where the daemon listens, e.g. `npipe:////./pipe/docker_engine`.'),
    version: text('text', 'Version of the daemon; empty while unknown.'),
    apiVersion: text('text', 'Version of the API that is used; empty while unknown.'),
    containers: integer('Containers that run, or have exited a short time ago.'),
    dropped: numbers('text', 'Answers that failed or were cut, by reason, since the start of the agent.'),
  },
  'The Docker daemon.',
);

export function dockerView({ record: daemon }: Docker): Static<typeof dockerSchema> {
  if (!daemon) return { state: 'absent', endpoint: '', version: '', apiVersion: '', containers: 0, dropped: {} };
  const { state, endpoint, version, apiVersion, containers, dropped } = daemon;
  return { state, endpoint, version, apiVersion, containers: containers.length, dropped: { ...dropped } };
}
