// The routes that the load on the control plane requests: every route, and selections of rows.

export const ROUTES = [
  '/health',
  '/ready',
  '/metrics',
  '/api/v1/status',
  '/api/v1/containers',
  '/api/v1/connections',
  '/api/v1/connections?limit=9',
  '/api/v1/dns-requests',
  '/api/v1/listeners',
  '/api/v1/services',
  '/api/v1/service-groups',
  '/api/v1/processes',
  '/api/v1/processes?container=*',
  '/api/v1/node',
  '/api/v1/openapi.json',
  '/api/v1/nothing',
];
