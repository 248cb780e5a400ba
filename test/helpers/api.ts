// A control plane on the model of a test, without host and agent.

import { hostname } from 'node:os';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../src/api/app.ts';
import type { ApiContext } from '../../src/api/context.ts';
import { SERVER_LIMITS } from '../../src/api/limits.ts';
import { SelfMetrics } from '../../src/base/self-metrics.ts';
import { collectors } from '../../src/collectors/index.ts';
import { PassRunner } from '../../src/collectors/pass.ts';
import { NO_DELIVERY } from '../../src/exporters/delivery/delivery-status.ts';
import { EXPOSITION_TYPE, expositionPieces } from '../../src/exporters/exposition.ts';
import type { HostModel } from '../../src/model/host-model.ts';
import { aModel } from './model.ts';
import { aHeader } from './observations.ts';

export interface ApiUnderTest {
  readonly app: FastifyInstance;
  readonly model: HostModel;
  readonly passes: PassRunner;
  readonly selfMetrics: SelfMetrics;
  /** Errors that were reported as internal errors. */
  readonly internalErrors: unknown[];
}

export function anApi(overrides: Partial<ApiContext> = {}): ApiUnderTest {
  const model = overrides.model ?? aModel();
  const selfMetrics = new SelfMetrics();
  const passes = new PassRunner({
    collectors,
    agentVersion: '0.1.0',
    selfMetrics,
    now: () => 0,
    verifyLabels: true,
    onFault: () => {},
  });
  const internalErrors: unknown[] = [];
  const app = buildApp({
    version: '0.1.0',
    model,
    passes,
    counters: () => selfMetrics.counterValues(),
    delivery: NO_DELIVERY,
    outputs: () => [],
    listen: () => '127.0.0.1:10300',
    listenProblem: () => '',
    namePatterns: {},
    machineNames: () => [hostname()],
    allowedHosts: { names: [], domains: [] },
    apiAccess: 'local',
    acceptsToken: () => false,
    consoleMode: true,
    startedAtMs: 1_767_225_600_000,
    header: () => aHeader(),
    hostStatus: () => ({ kind: 'windows', detail: {} }),
    exposition: () => {
      const { snapshot } = passes;
      return snapshot && { type: EXPOSITION_TYPE, pieces: expositionPieces(snapshot) };
    },
    onAnswer: () => {},
    limits: SERVER_LIMITS,
    onBuilt: () => {},
    onReject: () => {},
    onMissedMessages: () => {},
    onInternalError: (error) => internalErrors.push(error),
    ...overrides,
  });
  return { app, model, passes, selfMetrics, internalErrors };
}
