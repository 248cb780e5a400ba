// Prints docs/api.md from the OpenAPI document of the control plane.

import { buildApp } from '../../src/api/app.ts';
import type { ApiContext } from '../../src/api/context.ts';
import type { FieldSchema } from '../../src/api/fields.ts';
import { SERVER_LIMITS } from '../../src/api/limits.ts';
import { AGENT_VERSION } from '../../src/base/version.ts';
import { notice, table } from './markdown.ts';

interface Operation {
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly description: string;
    readonly schema: FieldSchema;
  }[];
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: FieldSchema }>> }>
  >;
}

interface OpenApi {
  readonly paths: Readonly<Record<string, { readonly get: Operation }>>;
}

/** The document as the agent answers it. No route is called, so that the context needs only the version and limits. */
export async function openApiDocument(): Promise<OpenApi> {
  const app = buildApp({ version: AGENT_VERSION, limits: SERVER_LIMITS } as ApiContext);
  await app.ready();
  return app.swagger() as unknown as OpenApi;
}

/** Rows of a table of fields, nested ones with their path. */
function fieldRows(schema: FieldSchema, path: string): string[][] {
  const { properties = {}, items, additionalProperties } = schema;
  const nested = Object.entries(properties).flatMap(([name, each]) => {
    const own = path === '' ? name : `${path}.${name}`;
    return [[`\`${own}\``, typeText(each), each.description ?? '', redactionText(each)], ...fieldRows(each, own)];
  });
  const keyed = typeof additionalProperties === 'object' ? fieldRows(additionalProperties, `${path}.*`) : [];
  return [...nested, ...(items ? fieldRows(items, `${path}[]`) : []), ...keyed];
}

function typeText(schema: FieldSchema): string {
  if (schema.enum) return schema.enum.map((word) => (word === '' ? 'empty' : `\`${word}\``)).join(', ');
  if (schema.items) return schema.items.type === 'object' ? 'list' : `list of ${schema.items.type}`;
  if (typeof schema.additionalProperties === 'object')
    return `${[schema.additionalProperties.type].flat().join(' or ')} by name`;
  return [schema.type].flat().join(' or ');
}

/** Rule of the texts in a field, without those of nested objects. */
function redactionText(schema: FieldSchema): string {
  const rule = schema['x-redaction'] ?? schema.items?.['x-redaction'] ?? schema.propertyNames?.['x-redaction'];
  return rule ? `\`${rule}\`` : '';
}

function parameterRows({ parameters = [] }: Operation): string[][] {
  return parameters.map(({ name, description, schema }) => {
    const { minimum, maximum, default: fallback } = schema as { minimum?: number; maximum?: number; default?: number };
    const range = maximum === undefined ? '' : `, ${minimum} to ${maximum}, default ${fallback}`;
    return [`\`${name}\``, `${typeText(schema)}${range}`, description];
  });
}

function routeSection(path: string, operation: Operation): string {
  const schema = operation.responses['200']?.content?.['application/json']?.schema;
  const parameters = parameterRows(operation);
  const fields = schema ? fieldRows(schema, '') : [];
  return [
    `## \`GET ${path}\``,
    operation.summary,
    ...(operation.description === undefined ? [] : [operation.description]),
    ...(parameters.length > 0 ? [table(['parameter', 'type', 'meaning'], parameters)] : []),
    ...(fields.length > 0 ? [table(['field', 'type', 'meaning', 'redaction'], fields)] : []),
  ].join('\n\n');
}

const seconds = (ms: number): string => `${ms / 1000} s`;
const mebibytes = (bytes: number): string => `${bytes / 1024 / 1024} MiB`;

const limits: readonly string[][] = [
  [
    'open connections',
    String(SERVER_LIMITS.connections),
    'a waiting connection is closed in its place, else 503',
    '`replaced`, `connections`',
  ],
  ['requests in progress on a connection', '1', 'pipelined requests wait unread', ''],
  [
    'bytes of requests that wait, over all connections',
    mebibytes(SERVER_LIMITS.waitingBytes),
    'closed',
    '`waiting_bytes`',
  ],
  ['selections of rows that wait to be built', String(SERVER_LIMITS.waitingBuilds), '503', '`waiting_builds`'],
  [
    'selections of rows that are kept',
    `${SERVER_LIMITS.keptSelections}, ${mebibytes(SERVER_LIMITS.keptSelectionBytes)}`,
    'the least recently used one is built again',
    '',
  ],
  [
    'outdated answers that clients have not read yet',
    mebibytes(SERVER_LIMITS.unsentBytes),
    'readers of the oldest are disconnected',
    '`unsent_bytes`',
  ],
  ['time without a byte read of an answer', seconds(SERVER_LIMITS.sendMs), 'closed', '`slow_reader`'],
  ['clients that follow the log', String(SERVER_LIMITS.followers), '503', '`followers`'],
  [
    'bytes that wait for a client that follows the log',
    `${SERVER_LIMITS.followerBytes / 1024} KiB`,
    'read on later; removed messages are a gap in the stream',
    '',
  ],
  ['time until a request has arrived', seconds(SERVER_LIMITS.requestMs), '408', ''],
  ['time between two requests', seconds(SERVER_LIMITS.idleMs), 'closed', ''],
];

export function apiPage({ paths }: OpenApi): string {
  const routes = Object.entries(paths).filter(([path]) => !path.endsWith('.json'));
  return `${notice}

# Control plane
HTTP on \`127.0.0.1:10300\`, or where the setting \`listen\` says. All routes are read-only and answer JSON, except \`/metrics\`.
The sources of this page are the schemas in \`src/api/resources/\`; the agent serialises its answers by them.
\`/api/v1/openapi.json\` answers the same description as an OpenAPI 3.1 document.

## Access
A request must name the agent in its Host header by an IP address, by \`localhost\`, by a name of the machine (NetBIOS, DNS host name or full
DNS name) or by a name of the setting \`allowed-hosts\`. Other requests get 403, so that a web page cannot read from the agent through a name that
it controls (DNS rebinding). The host of a target in absolute form is checked as well. A missing Host header and more than one are 400; requests
of HTTP/1.0 without it are answered on \`/health\`, \`/ready\` and \`/metrics\`. There is no CORS.

Routes below \`/api/v1\` answer programs on the same machine only; others get 403 (\`REMOTE_READER\`). With \`api-access\` set to \`token\`
they answer no request without \`Authorization: Bearer TOKEN\` (401, \`TOKEN_REQUIRED\`); this version creates no tokens.

Methods other than GET and HEAD get 405 with \`Allow\`. Every answer has \`X-Content-Type-Options: nosniff\`, \`Cache-Control: no-store\` and
\`Cross-Origin-Resource-Policy: same-origin\`.

## Errors
An error has a status of 400 or above and \`{"error": {"code", "message", "hint"}}\`; [errors.md](errors.md) lists the codes. Lists
answer 503 (\`NOT_READY\`) before the first observation, because an empty list would mean that the host has none.

## Limits
Each answer is built at most once per collection pass, or once in two intervals while no pass finishes, and all its readers share it (that of
\`/api/v1/logs\` also when there are new messages; \`/api/v1/logs/follow\` is a stream of its own for each client): JSON and
\`/metrics\`, plain and with \`Accept-Encoding: gzip\`. Its \`ETag\` changes with the pass; \`If-None-Match\` gets 304. Clients above a limit are
counted by reason in \`coroot_agent_http_rejected_total\`, also in the counters of the status.

${table(['limit', 'value', 'above it', 'reason'], limits)}

A new connection replaces one whose answers are complete, else one that has read nothing of an answer for ${seconds(SERVER_LIMITS.graceMs)}, else one that
has no answer yet, else one with a pipelined request; of each kind the oldest. A connection whose first request waits is not replaced.
While many connections open at once or all are in use, \`/health\` as the first request of a connection is answered before all others,
with \`Connection: close\` and without \`ETag\`.

## Common parameters
- Patterns (\`container\`, \`destination\`, \`domain\`, \`type\`, \`status\`, \`source\`, \`channel\`, \`provider\`) match a whole name without
  regard to case. Their language is that of PowerShell's \`-like\`, also in the CLI and in the module: \`*\` is any text, \`?\` one
  character, \`[a-z]\` a set of characters, and a backtick makes the next character stand for itself: \`svc[1]\` matches \`svc1\`,
  \`\`svc\`[1\`]\`\` matches \`svc[1]\`, and so does \`svc[[]1]\`. Brackets around an IPv6 address at the start of a destination stand for
  themselves. A parameter may be repeated; a row must match one pattern of each.
- \`text\` of logs matches a part of the message, in the same language. An empty value is an error.
- \`limit\` counts selected rows only; \`truncated\` of the answer is true when there are more.

## Values
- Times are milliseconds since 1970 on the clock of the host, or of the tape on a replay; 0 means never or unknown.
- Counts begin when the agent first observes the object, and do not decrease.
- *redaction* names the rule that \`coroot-agent diagnose\` applies to the texts of a field (\`src/redaction/text-rules.ts\`); listed words,
  numbers and booleans are kept.

${routes.map(([path, { get }]) => routeSection(path, get)).join('\n\n')}
`;
}
