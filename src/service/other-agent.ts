// Coroot's own Windows agent on this host: two agents would report everything twice.
import { AgentError } from '../base/errors.ts';
import { OTHER_SERVICE_NAME } from './names.ts';
import { statusOf } from './scm.ts';

/** Throws OTHER_AGENT if the service of Coroot's own agent is running or starting. */
export function refuseBesideOther(): void {
  const status = statusOf(OTHER_SERVICE_NAME);
  if (status && status.state !== 'stopped')
    throw new AgentError('OTHER_AGENT', { service: OTHER_SERVICE_NAME, state: status.state });
}
