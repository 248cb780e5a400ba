// The resources that list what the agent knows, by the name that a diagnostics bundle has for them.
import type { AnswerOf } from '../resource.ts';
import { connections } from './connections.ts';
import { containers } from './containers.ts';
import { dnsRequests } from './dns-requests.ts';
import { gpus } from './gpus.ts';
import { listeners } from './listeners.ts';
import { logPatterns } from './log-patterns.ts';
import { logs } from './logs.ts';
import { node } from './node.ts';
import { processes } from './processes.ts';
import { serviceGroups } from './service-groups.ts';
import { services } from './services.ts';
import { status } from './status.ts';

export const resources = {
  status,
  containers,
  connections,
  dnsRequests,
  listeners,
  services,
  serviceGroups,
  processes,
  node,
  gpus,
  logs,
  logPatterns,
};

/** The answer of each resource. */
export type Answers = { [Name in keyof typeof resources]: AnswerOf<(typeof resources)[Name]> };
