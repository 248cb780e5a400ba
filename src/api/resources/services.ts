// GET /api/v1/services: every Windows service and the rule by which it is or is not a container.
import { hideValues } from '../../base/command-line.ts';
import type { ServiceGroup } from '../../model/containers/service-groups.ts';
import {
  isContainer,
  SERVICE_RULE_NAMES,
  SERVICE_RULES,
  type ServiceDecision,
} from '../../model/containers/services.ts';
import { boolean, choice, containerId, integer, list, observedAtMs, record, type Static, text } from '../fields.ts';
import { resource } from '../resource.ts';

const serviceSchema = record({
  name: text('service', 'Key name.'),
  displayName: text('text', 'Display name.'),
  state: text('text', '`running`, `stopped`, `paused`, ...'),
  startType: text(
    'text',
    '`automatic`, `automatic (delayed)`, `manual`, `manual (triggered)`, ..., or `unknown`. A change is visible ' +
      'within five minutes, or when the service starts or stops.',
  ),
  pid: integer('Process of the service; 0 when there is none.'),
  sharedWith: list(text('text', 'Key name.'), 'Other running services in the same process.'),
  group: text('text', 'Name of the svchost group of a shared process, otherwise empty.'),
  containerId: containerId('Id of the container; empty when the service is not a container.'),
  rule: choice(SERVICE_RULE_NAMES, 'The rule that decided.'),
  explanation: text('text', 'The rule in words.'),
  serviceType: integer('SERVICE_* type bits.'),
  account: text('account', 'Account; empty when the configuration could not be read.'),
  binaryPath: text(
    'commandLine',
    'Program and options, values as `*`, because any local user may read the answer; empty when the configuration ' +
      'could not be read.',
  ),
});
export type ServiceView = Static<typeof serviceSchema>;

const servicesSchema = record(
  {
    observedAtMs,
    stale: boolean('True when the last poll failed and the list is the one before.'),
    services: list(serviceSchema, 'All services.'),
  },
  'The services.',
);
export type ServicesAnswer = Static<typeof servicesSchema>;

export const services = resource({
  path: '/api/v1/services',
  summary: 'Every Windows service with the rule by which it is or is not a container.',
  answer: servicesSchema,
  view: ({ model }) => {
    const ids = new Set(model.containers.all().map(({ id }) => id));
    return {
      observedAtMs: model.nowMs,
      stale: model.readings.of('services')?.stale ?? true,
      services: model.decisions.map((decision) => serviceView(decision, ids, model.groups.get(decision.service.pid))),
    };
  },
});

/** https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_status_process */
const states = ['', 'stopped', 'starting', 'stopping', 'running', 'continuing', 'pausing', 'paused'];
const startTypes = ['boot', 'system', 'automatic', 'manual', 'disabled'];

/** `containerIds` are the ids of the existing containers; `group` is the shared process of the service. */
export function serviceView(
  decision: ServiceDecision,
  containerIds: ReadonlySet<string>,
  group?: ServiceGroup,
): ServiceView {
  const { service, rule, containerId: id } = decision;
  const others = group?.members.filter((member) => member.decision !== decision) ?? [];
  return {
    name: service.name,
    displayName: service.displayName,
    state: states[service.state] || `state ${service.state}`,
    startType: startType(decision),
    pid: service.pid,
    sharedWith: others.map((member) => member.decision.service.name),
    group: group?.name ?? '',
    containerId: isContainer(rule) && containerIds.has(id) ? id : '',
    rule,
    explanation: service.configUnavailable
      ? `${SERVICE_RULES[rule]}: ${service.configUnavailable.reason}`
      : SERVICE_RULES[rule],
    serviceType: service.serviceType,
    account: service.config?.account ?? '',
    binaryPath: hideValues(service.config?.binaryPath ?? ''),
  };
}

function startType({ service: { config } }: ServiceDecision): string {
  if (!config) return 'unknown';
  const name = startTypes[config.startType] ?? `type ${config.startType}`;
  if (config.triggers) return `${name} (triggered)`;
  return config.delayedAutoStart ? `${name} (delayed)` : name;
}
