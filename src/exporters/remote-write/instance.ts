// The labels job and instance of all series that the agent sends by remote write.
import { createHash } from 'node:crypto';
import type { NodeLabels } from '../../collectors/samples.ts';

export const JOB = 'coroot-node-agent';

/**
 * The label `instance` of a machine: its id, or the MD5 of id and system UUID where there is a UUID that is not the id.
 * Empty while the id is not known.
 */
export function instanceOf({ machine_id, system_uuid }: NodeLabels): string {
  const uuid = system_uuid.replaceAll('-', '').toUpperCase();
  if (machine_id === '' || uuid === '' || uuid === machine_id) return machine_id;
  return createHash('md5').update(machine_id).update(uuid).digest('hex');
}
