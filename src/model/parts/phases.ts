// The phases of a tick and their order.

interface PhaseRule {
  readonly name: string;
  /** Why it comes at this position. */
  readonly reason: string;
  /** It also runs while no list of services was read: then it is unknown which containers exist. */
  readonly always?: true;
}

/** In the order in which a tick runs them. */
export const phases = [
  { name: 'discover', reason: 'All other phases depend on which containers there are.', always: true },
  {
    name: 'countExits',
    reason: 'What exited processes used is added to the usage by the last list, before the merge takes the new list.',
    always: true,
  },
  { name: 'merge', reason: 'Brings containers up to date with discovery and the new process list.' },
  { name: 'describe', reason: 'Disks and limits depend on root processes, which the merge has set.' },
  { name: 'own', reason: 'Owners of processes and sockets depend on process trees, which the merge has set.' },
  { name: 'listProcesses', reason: 'Process instances take their owners from the phase before.' },
  { name: 'findRestarts', reason: 'Restarts between two lists are found by parents, which the phase before has set.' },
  {
    name: 'countLateExits',
    reason: 'No later phase learns owners of processes: an exit that has none now is counted as unattributed.',
    always: true,
  },
  { name: 'scan', reason: 'Connections are attributed when owners of processes and sockets are final.' },
  { name: 'dns', reason: 'DNS requests are attributed when owners of processes are final.' },
  { name: 'logs', reason: 'Log records of processes and services are attributed when owners are final.' },
  { name: 'gpu', reason: 'The use of GPUs is attributed by process trees, which the merge has set.' },
  {
    name: 'expire',
    reason: 'Last, so that each phase still finds processes and names that this tick may have used.',
    always: true,
  },
] as const satisfies readonly PhaseRule[];

export type Phase = (typeof phases)[number]['name'];

/** Calls `run` with each phase in order; without known containers only with those that always run. */
export function eachPhase(containersKnown: () => boolean, run: (phase: Phase) => void): void {
  for (const phase of phases) if ('always' in phase || containersKnown()) run(phase.name);
}
