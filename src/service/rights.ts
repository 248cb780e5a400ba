// What the service may do: privileges that it keeps, accounts that it can have, and groups of the account with few rights.
import { SERVICE_NAME } from './names.ts';
import { EVENT_LOG_READERS_SID, PERFORMANCE_LOG_USERS_SID, PERFORMANCE_MONITOR_USERS_SID } from './sid.ts';

/** A right, what needs it, and what is lost without it: docs/security.md is printed from these. */
export interface NeededRight {
  readonly name: string;
  readonly neededFor: string;
  readonly lost: string;
}

/** Privileges that stay in the token of LocalSystem; Windows takes all others away before the service runs. */
export const SYSTEM_PRIVILEGES: readonly NeededRight[] = [
  {
    name: 'SeChangeNotifyPrivilege',
    neededFor: 'opening files by their path',
    lost: 'everything: no program runs without it',
  },
  {
    name: 'SeProfileSingleProcessPrivilege',
    neededFor: 'page lists of the memory manager',
    lost: 'free and cached memory are told by the system cache, which is less exact',
  },
];

/** An account without a password has these by itself; a privilege that it lacks would keep the service from starting. */
export const VIRTUAL_PRIVILEGES: readonly NeededRight[] = SYSTEM_PRIVILEGES.slice(0, 1);

/** Groups that give the account with few rights what it needs, by their well-known SIDs. */
export const GROUPS: readonly (NeededRight & { readonly sid: string })[] = [
  {
    sid: PERFORMANCE_MONITOR_USERS_SID,
    name: 'Performance Monitor Users',
    neededFor: 'performance counters',
    lost: 'what comes from performance counters, e.g. GPUs of other vendors',
  },
  {
    sid: PERFORMANCE_LOG_USERS_SID,
    name: 'Performance Log Users',
    neededFor: 'a session of event tracing (ETW)',
    lost: 'counts of connections, failed ones, retransmissions and DNS requests; connections of short life',
  },
  { sid: EVENT_LOG_READERS_SID, name: 'Event Log Readers', neededFor: 'the Event Log', lost: 'logs of services' },
];

export type Account = 'system' | 'virtual';

/** As the manager writes them: https://learn.microsoft.com/windows/win32/services/localsystem-account */
export const ACCOUNT_NAMES: Readonly<Record<Account, string>> = {
  system: 'LocalSystem',
  virtual: `NT SERVICE\\${SERVICE_NAME}`,
};
