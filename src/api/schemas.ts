// The shapes of the control plane's answers: TypeScript types for clients and JSON schemas that fastify serialises by.

export * from './schemas/connections.ts';
export * from './schemas/containers.ts';
export * from './schemas/dns.ts';
export * from './schemas/node.ts';
export * from './schemas/service-groups.ts';
export * from './schemas/services.ts';
export * from './schemas/status.ts';
