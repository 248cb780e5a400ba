// What was discovered: containers, connections, DNS queries, listeners, services and their groups, the node and its processes.
import type { FastifyInstance } from 'fastify';
import { AgentError } from '../../base/errors.ts';
import type { ApiContext } from '../context.ts';
import { dnsRequestsView } from '../dns-views.ts';
import {
  type ConnectionFilter,
  type ContainerFilter,
  connectionQuery,
  containerQuery,
  type DnsRequestFilter,
  dnsRequestQuery,
} from '../filters.ts';
import { nodeView, processesView } from '../node-views.ts';
import {
  type ConnectionsAnswer,
  type ContainersAnswer,
  connectionsSchema,
  containersSchema,
  type DnsRequestsAnswer,
  dnsRequestsSchema,
  type ListenersAnswer,
  listenersSchema,
  type NodeAnswer,
  nodeSchema,
  type ProcessesAnswer,
  processesSchema,
  type ServiceGroupsAnswer,
  type ServicesAnswer,
  serviceGroupsSchema,
  servicesSchema,
} from '../schemas.ts';
import { listenersView, serviceGroupsView } from '../socket-views.ts';
import { connectionsView, containerView, serviceView } from '../views.ts';

export function inventoryRoutes(app: FastifyInstance, { model }: ApiContext): void {
  // Before the first pass an empty list would say that there is nothing.
  const onRequest = async (): Promise<void> => {
    if (model.nowMs === 0) throw new AgentError('NOT_READY');
  };

  app.get(
    '/api/v1/containers',
    { onRequest, schema: { response: { 200: containersSchema } } },
    async (): Promise<ContainersAnswer> => {
      return { observedAtMs: model.nowMs, containers: model.containers.all().map(containerView) };
    },
  );

  app.get<{ Querystring: ConnectionFilter }>(
    '/api/v1/connections',
    { onRequest, schema: { querystring: connectionQuery, response: { 200: connectionsSchema } } },
    async ({ query }): Promise<ConnectionsAnswer> => connectionsView(model, query),
  );

  app.get<{ Querystring: DnsRequestFilter }>(
    '/api/v1/dns-requests',
    { onRequest, schema: { querystring: dnsRequestQuery, response: { 200: dnsRequestsSchema } } },
    async ({ query }): Promise<DnsRequestsAnswer> => dnsRequestsView(model, query),
  );

  app.get(
    '/api/v1/services',
    { onRequest, schema: { response: { 200: servicesSchema } } },
    async (): Promise<ServicesAnswer> => {
      const ids = new Set(model.containers.all().map(({ id }) => id));
      return {
        observedAtMs: model.nowMs,
        stale: model.readings.of('services')?.stale ?? true,
        services: model.decisions.map((decision) => serviceView(decision, ids, model.groups.get(decision.service.pid))),
      };
    },
  );

  app.get(
    '/api/v1/service-groups',
    { onRequest, schema: { response: { 200: serviceGroupsSchema } } },
    async (): Promise<ServiceGroupsAnswer> => serviceGroupsView(model),
  );

  app.get<{ Querystring: ContainerFilter }>(
    '/api/v1/listeners',
    { onRequest, schema: { querystring: containerQuery, response: { 200: listenersSchema } } },
    async ({ query }): Promise<ListenersAnswer> => listenersView(model, query),
  );

  app.get(
    '/api/v1/node',
    { onRequest, schema: { response: { 200: nodeSchema } } },
    async (): Promise<NodeAnswer> => nodeView(model),
  );

  app.get<{ Querystring: ContainerFilter }>(
    '/api/v1/processes',
    { onRequest, schema: { querystring: containerQuery, response: { 200: processesSchema } } },
    async ({ query }): Promise<ProcessesAnswer> => processesView(model, query),
  );
}
