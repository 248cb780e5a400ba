// Decides which Windows services are containers, and names the rule for each that is not.
import type { ServiceRecord } from '../../sources/host.ts';
import { ContainerIds } from './container-ids.ts';
import { isFailure, type ServiceExit } from './exit.ts';

/** https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_status_process */
const SERVICE_USER_SERVICE = 0x40;
const SERVICE_USERSERVICE_INSTANCE = 0x80;
const SERVICE_STOPPED = 1;
/** From this state to paused (7) a service has a process, also while it starts and stops. */
const SERVICE_START_PENDING = 2;
const SERVICE_STOP_PENDING = 3;
const SERVICE_PAUSED = 7;
const SERVICE_AUTO_START = 2;

/** The rules with their explanations. The first rule that applies decides. */
export const SERVICE_RULES = {
  'per-user': 'belongs to one signed-in user (service type bit), not to the machine',
  unreadable: 'its configuration cannot be read',
  'manual-start': 'is not started automatically (start type manual)',
  disabled: 'is disabled',
  driver: 'is started by the system loader, not as a service',
  triggered: 'is started and stopped by triggers',
  'not-running': 'is not running',
  failed: 'has stopped with an error, and is listed until it runs again or is stopped normally',
  denied: 'its id matches the container denylist',
  'not-allowed': 'its id does not match the container allowlist',
  selected: 'starts automatically and has a process',
  included: 'has a process, and the setting service-include names it',
} as const;

export type ServiceRule = keyof typeof SERVICE_RULES;
export const SERVICE_RULE_NAMES = Object.keys(SERVICE_RULES) as readonly ServiceRule[];

/** Rules that make a service a container. */
export function isContainer(rule: ServiceRule): boolean {
  return rule === 'selected' || rule === 'included' || rule === 'failed';
}

export interface ServiceDecision {
  readonly service: ServiceRecord;
  readonly rule: ServiceRule;
  /** Its id as a container, also if it is not one. */
  readonly containerId: string;
}

/** User's choice by container id: `selected`, or the rule that excludes it. */
export type ContainerFilter = (containerId: string) => 'selected' | 'denied' | 'not-allowed';

/** Decides for every service of one list. `ids` are their container ids by name. */
export function decideServices(
  services: readonly ServiceRecord[],
  filter: ContainerFilter,
  included: (serviceName: string) => boolean = () => false,
  ids = new ContainerIds().assign(namesOf(services), () => false),
): ServiceDecision[] {
  return services.map((service) => {
    const containerId = ids.get(service.name)!;
    const rule = ruleOf(service);
    if (rule !== undefined && !(overridable.has(rule) && included(service.name))) return { service, containerId, rule };
    const positiveRule = hasProcess(service)
      ? rule === undefined
        ? 'selected'
        : 'included'
      : hasFailed(service, rule)
        ? 'failed'
        : undefined;
    if (positiveRule === undefined) return { service, containerId, rule: rule ?? 'not-running' };
    const verdict = filter(containerId);
    return { service, containerId, rule: verdict === 'selected' ? positiveRule : verdict };
  });
}

export function namesOf(services: readonly ServiceRecord[]): string[] {
  return services.map(({ name }) => name);
}

/** Rules that a setting can override for a running service. */
const overridable: ReadonlySet<ServiceRule> = new Set(['manual-start', 'disabled', 'triggered', 'unreadable']);

/** It has a process. */
export function hasProcess({ state, pid }: ServiceRecord): boolean {
  return state >= SERVICE_START_PENDING && state <= SERVICE_PAUSED && pid !== 0;
}

/** Exit status by the SCM; undefined unless it is stopped. */
export function exitOf({ state, pid, win32ExitCode, serviceExitCode }: ServiceRecord): ServiceExit | undefined {
  return state === SERVICE_STOPPED && pid === 0 ? { win32ExitCode, serviceExitCode } : undefined;
}

/** A stop was requested and it still runs. */
export function isStopping({ state }: ServiceRecord): boolean {
  return state === SERVICE_STOP_PENDING;
}

/** It should run and has stopped with an error. A disabled service should not run. */
function hasFailed(service: ServiceRecord, rule: ServiceRule | undefined): boolean {
  const exit = exitOf(service);
  return rule !== 'disabled' && exit !== undefined && isFailure(exit);
}

/** The rule that excludes it, whether it runs or not. */
function ruleOf(service: ServiceRecord): ServiceRule | undefined {
  if ((service.serviceType & (SERVICE_USER_SERVICE | SERVICE_USERSERVICE_INSTANCE)) !== 0) return 'per-user';
  if (!service.config) return 'unreadable';
  if (service.config.startType === 3) return 'manual-start';
  if (service.config.startType === 4) return 'disabled';
  if (service.config.startType !== SERVICE_AUTO_START) return 'driver';
  if ((service.config.triggers ?? 0) > 0) return 'triggered';
  return undefined;
}
