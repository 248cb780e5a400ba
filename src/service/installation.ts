// The steps of the installation with their wanted states, in the order in which they are applied.

import { serviceSid } from '../base/sid.ts';
import { SERVICE_AUTO_START, SERVICE_SID_TYPE_UNRESTRICTED } from '../native/advapi32/service-control.ts';
import {
  type ConfigLevel,
  delayedStart,
  description,
  failureActions,
  failureFlag,
  preshutdownTimeout,
  requiredPrivileges,
  sidType,
} from './config-levels.ts';
import { secureDataFolder } from './data-folder.ts';
import { asideName, faultText, folderFaults } from './folder-faults.ts';
import { addMember, isMember } from './groups.ts';
import type { InstallStep } from './install-step.ts';
import { DESCRIPTION, DISPLAY_NAME, PRESHUTDOWN_TIMEOUT_MS, SERVICE_NAME, THREAD_POOL_SIZE } from './names.ts';
import { type RegistryValue, readValue, writeValues } from './registry.ts';
import { ACCOUNT_NAMES, type Account, GROUPS, SYSTEM_PRIVILEGES, VIRTUAL_PRIVILEGES } from './rights.ts';
import { changeConfig, createService, readConfig, readLevel, setLevel } from './service-config.ts';

export const SERVICE_KEY = `SYSTEM\\CurrentControlSet\\Services\\${SERVICE_NAME}`;
export const EVENT_SOURCE_KEY = `SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\${SERVICE_NAME}`;

const RESTART_AFTER_MS = [5000, 30_000, 60_000] as const;
const RESET_SECONDS = 86_400;

/** The machine's NODE_OPTIONS must not affect the service. */
const ENVIRONMENT = ['NODE_OPTIONS=', `UV_THREADPOOL_SIZE=${THREAD_POOL_SIZE}`];

/** The message file of Windows with the text `%1` for ids 1 to 1000, on every edition, with or without a desktop. */
const EVENT_SOURCE: Readonly<Record<string, RegistryValue>> = {
  EventMessageFile: { kind: 'expandable', value: '%SystemRoot%\\System32\\EventCreate.exe' },
  TypesSupported: { kind: 'number', value: 7 },
  CustomSource: { kind: 'number', value: 1 },
};

export interface InstallOptions {
  readonly nodePath: string;
  readonly entryPath: string;
  /** Undefined keeps the account; a new service gets LocalSystem. */
  readonly account: Account | undefined;
  readonly dataFolder: string;
  /** SID of the account that installs; it may own the data folder. */
  readonly self: string | undefined;
}

const startTypes = ['boot', 'system', 'automatic', 'manual', 'disabled'];

/** Throws Win32Error if the SCM cannot be queried. */
export function installationSteps(options: InstallOptions): InstallStep[] {
  const present = readConfig(SERVICE_NAME);
  const account = options.account ? ACCOUNT_NAMES[options.account] : (present?.account ?? ACCOUNT_NAMES.system);
  const virtual = account.toLowerCase() === ACCOUNT_NAMES.virtual.toLowerCase();
  const binaryPath = `"${options.nodePath}" "${options.entryPath}"`;
  const wanted = { displayName: DISPLAY_NAME, startType: SERVICE_AUTO_START, binaryPath, account };
  const config = (
    what: string,
    key: keyof typeof wanted,
    text = (value: string | number) => String(value),
  ): InstallStep => ({
    what,
    wanted: text(wanted[key]),
    read: () => {
      const now = readConfig(SERVICE_NAME);
      return now && text(now[key]);
    },
    apply: () => changeConfig(SERVICE_NAME, { [key]: wanted[key] }),
    vital: true,
  });
  // A manually chosen account may lack privileges of LocalSystem; the service would not start with them required.
  const system = account.toLowerCase() === ACCOUNT_NAMES.system.toLowerCase();
  const privileges = (system ? SYSTEM_PRIVILEGES : VIRTUAL_PRIVILEGES).map(({ name }) => name);
  const service: InstallStep[] = present
    ? [
        config('command line', 'binaryPath'),
        config('account', 'account'),
        config('display name', 'displayName'),
        config('start type', 'startType', (type) => startTypes[Number(type)] ?? String(type)),
      ]
    : [
        {
          what: `service ${SERVICE_NAME}`,
          wanted: `${binaryPath}, account ${account}, automatic start`,
          read: () => undefined,
          apply: () => createService({ name: SERVICE_NAME, ...wanted }),
          vital: true,
        },
      ];
  return [
    ...service,
    levelStep('description', description, DESCRIPTION),
    levelStep('delayed start', delayedStart, true),
    levelStep('recovery', failureActions, { resetSeconds: RESET_SECONDS, restartAfterMs: RESTART_AFTER_MS }),
    levelStep('recovery after a stop with an error', failureFlag, true),
    levelStep('service SID', sidType, SERVICE_SID_TYPE_UNRESTRICTED),
    levelStep('privileges kept', requiredPrivileges, privileges),
    levelStep('time to stop at shutdown', preshutdownTimeout, PRESHUTDOWN_TIMEOUT_MS),
    registryPart('environment', SERVICE_KEY, { Environment: { kind: 'list', value: ENVIRONMENT } }),
    registryPart('event source', EVENT_SOURCE_KEY, EVENT_SOURCE),
    ...(virtual ? GROUPS.map(({ sid, name }) => groupPart(sid, name)) : []),
    folderPart(options.dataFolder, options.self),
  ];
}

function levelStep<T>(what: string, level: ConfigLevel<T>, value: T): InstallStep {
  return {
    what,
    wanted: level.text(value),
    read: () => {
      const now = readLevel(SERVICE_NAME, level);
      return now === undefined ? undefined : level.text(now);
    },
    apply: () => setLevel(SERVICE_NAME, level, value),
  };
}

function registryPart(what: string, key: string, values: Readonly<Record<string, RegistryValue>>): InstallStep {
  const text = (found: Readonly<Record<string, RegistryValue | undefined>>): string =>
    Object.entries(found)
      .map(
        ([name, value]) =>
          `${name}=${value === undefined ? '(none)' : value.kind === 'list' ? value.value.join(' ') : value.value}`,
      )
      .join(', ');
  return {
    what,
    wanted: text(values),
    read: () => {
      const found = Object.fromEntries(Object.keys(values).map((name) => [name, readValue(key, name)]));
      return Object.values(found).every((value) => value === undefined) ? undefined : text(found);
    },
    apply: () => writeValues(key, values),
  };
}

function groupPart(group: string, name: string): InstallStep {
  const sid = serviceSid(SERVICE_NAME);
  return {
    what: `member of ${name}`,
    wanted: 'yes',
    read: () => (isMember(group, sid) ? 'yes' : undefined),
    apply: () => addMember(group, sid),
  };
}

function folderPart(folder: string, self: string | undefined): InstallStep {
  const wanted = `${folder}, for SYSTEM, Administrators and the service only`;
  const aside = asideName(folder);
  return {
    what: 'data folder',
    wanted,
    read: () => {
      const faults = folderFaults(folder, self);
      if (faults === undefined) return undefined;
      if (faults.length === 0) return wanted;
      const moved = faults.some(({ kind }) => kind === 'change');
      return `${faultText(faults)}${moved ? `; it is moved to ${aside}, and nothing is copied from there` : ''}`;
    },
    apply: () => secureDataFolder(folder, aside, self),
    vital: true,
  };
}
