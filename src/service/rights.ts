// Rights of the service: retained privileges, possible accounts, and groups of the virtual account.
import { SERVICE_NAME } from './names.ts';
import { EVENT_LOG_READERS_SID, PERFORMANCE_LOG_USERS_SID, PERFORMANCE_MONITOR_USERS_SID } from './sid.ts';

/** A right, what needs it, and the consequence of lacking it; docs/security.md is generated from these. */
export interface NeededRight {
  readonly name: string;
  readonly neededFor: string;
  readonly consequence: string;
}

/** Privileges that stay in the token of LocalSystem; Windows removes all others before the service runs. */
export const SYSTEM_PRIVILEGES: readonly NeededRight[] = [
  {
    name: 'SeChangeNotifyPrivilege',
    neededFor: 'opening files by path',
    consequence: 'everything: no program runs without it',
  },
  {
    name: 'SeProfileSingleProcessPrivilege',
    neededFor: 'page lists of the memory manager',
    consequence: 'exact free and cached memory: both are estimated from the system cache',
  },
];

/** Privileges that a virtual account has; requiring one that it lacks would prevent the start of the service. */
export const VIRTUAL_PRIVILEGES: readonly NeededRight[] = SYSTEM_PRIVILEGES.slice(0, 1);

/** Groups that the virtual account needs, by their well-known SIDs. */
export const GROUPS: readonly (NeededRight & { readonly sid: string })[] = [
  {
    sid: PERFORMANCE_MONITOR_USERS_SID,
    name: 'Performance Monitor Users',
    neededFor: 'performance counters',
    consequence: 'what containers use of GPUs that Windows schedules',
  },
  {
    sid: PERFORMANCE_LOG_USERS_SID,
    name: 'Performance Log Users',
    neededFor: 'an event tracing (ETW) session',
    consequence: 'counts of connections, failed ones, retransmissions and DNS requests; connections of short life',
  },
  {
    sid: EVENT_LOG_READERS_SID,
    name: 'Event Log Readers',
    neededFor: 'the Event Log',
    consequence: 'logs of services',
  },
];

export type Account = 'system' | 'virtual';

/** Account names in the form of the SCM: https://learn.microsoft.com/windows/win32/services/localsystem-account */
export const ACCOUNT_NAMES: Readonly<Record<Account, string>> = {
  system: 'LocalSystem',
  virtual: `NT SERVICE\\${SERVICE_NAME}`,
};
