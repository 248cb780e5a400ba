// The pages of docs/ that are generated from tables in the source.
import { collectDefaultMetrics, Registry } from 'prom-client';
import { ERRORS } from '../../src/base/error-table.ts';
import { NODE_PREFIX } from '../../src/base/self-metrics.ts';
import { catalogue, type MetricDefinition } from '../../src/collectors/catalogue.ts';
import { allSettings, settingsFileSetting, variableOf } from '../../src/settings/index.ts';
import { apiPage, openApiDocument } from './api-page.ts';
import { notice, table } from './markdown.ts';
import { securityPage } from './security-page.ts';

function errorsPage(): string {
  const rows = Object.entries(ERRORS).map(([code, { message, exit, http, hint }]) => [
    `\`${code}\``,
    message,
    String(exit),
    String(http),
    hint,
  ]);
  return `${notice}

# Errors
Every error that users see (source: \`src/base/error-table.ts\`). A command ends with the exit code; the control plane answers with the HTTP
status and \`{"error": {"code", "message", "hint"}}\`. After a hung system call or an uncaught error the agent exits with code 1 and writes
the reason to standard error and to a crash report. The service stops with the exit code as its service-specific exit code
(\`coroot-agent service status\`, \`sc.exe query CorootAgent\`) and writes the reason to the Event Log.

${table(['code', 'message', 'exit', 'HTTP', 'what to do'], rows)}
`;
}

const metricColumns = ['name', 'type', 'labels', 'scope', 'unit', 'help', 'emitted when'];

function metricRow(definition: MetricDefinition): string[] {
  const { name, type, labels, unit, emittedWhen, help, scope, buckets } = definition;
  return [
    `\`${name}\``,
    buckets ? `${type} to ${buckets.join(', ')}` : type,
    labelsText(labels),
    scope,
    unit,
    help,
    emittedWhen,
  ];
}

const labelsText = (labels: readonly string[]): string => labels.map((label) => `\`${label}\``).join(' ');

interface NodeMetric {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly labelNames: readonly string[];
}

function nodeMetrics(): NodeMetric[] {
  const register = new Registry();
  collectDefaultMetrics({ register, prefix: NODE_PREFIX });
  return register.getMetricsAsArray() as unknown as NodeMetric[];
}

/** Metrics of Node that prom-client reads from /proc. */
const linuxOnly = /process_(virtual_memory_bytes|heap_bytes|open_fds|max_fds)$/;

function metricsPage(): string {
  const all = Object.values<MetricDefinition>(catalogue);
  const host = all.filter(({ scope }) => scope !== 'self').map(metricRow);
  const self = all.filter(({ scope }) => scope === 'self').map(metricRow);
  const node = nodeMetrics().map(({ name, type, labelNames, help }) => {
    return [`\`${name}\``, type, labelsText(labelNames), linuxOnly.test(name) ? `${help} (Linux only)` : help];
  });
  return `${notice}

# Metrics
Every family (source: \`src/collectors/catalogue.ts\`). One \`/metrics\` answer has the host's families first and the agent's own after them.

## Host
Names, types and labels are Coroot's. Besides their own labels, families of scope *node* and *agent* carry \`machine_id\` and
\`system_uuid\`, those of scope *container* these and \`container_id\`.

${table(metricColumns, host)}

## Agent
The agent's own instrumentation, kept by prom-client ([decision record](adr/0016-self-metrics.md)). These families have no labels of the host.

${table(
  metricColumns.filter((column) => column !== 'scope'),
  self.map((row) => row.toSpliced(metricColumns.indexOf('scope'), 1)),
)}

## Node and the agent's process
The default metrics of prom-client with the prefix \`coroot_agent_\`. The event loop lag is that since the scrape before.

${table(['name', 'type', 'labels', 'help'], node)}
`;
}

function configurationPage(): string {
  const rows = allSettings.map(({ name, default: byDefault = [], allowed, help, pending, secret }) => {
    const defaultText = typeof byDefault === 'string' ? byDefault : byDefault.join(', ');
    return [
      `\`${name}\``,
      `\`${variableOf(name)}\``,
      defaultText === '' ? '' : `\`${defaultText}\``,
      allowed,
      `${help}${secret ? ', a secret' : ''}${pending ? ' *(not in effect yet)*' : ''}`,
    ];
  });
  rows.push([
    `\`${settingsFileSetting.name}\``,
    `\`${settingsFileSetting.variable}\``,
    '',
    'a path',
    settingsFileSetting.help,
  ]);
  return `${notice}

# Configuration
Every setting (source: \`src/settings/\`) can be a flag (\`--scrape-interval 30s\`), an environment variable
(\`COROOT_SCRAPE_INTERVAL=30s\`) or an entry of the settings file. **Flag wins over environment, environment over file, file over
default.** \`coroot-agent config\` shows each value and where it came from, secrets masked.

- The settings file is a JSON object of setting names and values: \`{"scrape-interval": "30s", "container-denylist": ["^/win/Wine"]}\`.
  \`--settings-file\` or \`COROOT_SETTINGS_FILE\` names it; on Windows \`%ProgramData%\\CorootAgent\\settings.json\` is read if it exists.
  It is a regular file: pipes and devices are refused, and so is a name that is there twice. On Windows only administrators and the service
  may be able to read or change it ([rules](security.md#files)).
- Lists: repeat the flag; one entry per line in a variable; an array in the file. Patterns are RE2, unanchored.
- Switches: \`--loop\` and \`--no-loop\`; in a variable \`1 t true 0 f false\` in the usual spellings.
- Durations as in Go (\`15s\`, \`1m30s\`); sizes are 1024-based and need a unit (\`500MB\`).
- An empty variable counts as not set. For a setting without a default, an empty flag or entry counts as not set, too. An empty
  \`ephemeral-port-range\` disables the filter.
- \`@FILE\` on the command line is replaced by the arguments in that file, one per line. Lines that begin with \`#\` are skipped; arguments
  after \`--\` are not expanded.
- The default of \`wal-dir\` is \`%ProgramData%\\CorootAgent\`, and \`.coroot-agent\` in the current folder off Windows.
- A value that is not allowed ends the program with exit code 2 and one line with setting, value, allowed values and origin.

${table(['setting', 'variable', 'default', 'allowed', 'meaning'], rows)}

## Differences from Coroot's own Windows agent
- \`listen\` is honoured also when metrics are pushed; that agent then overwrites it with 127.0.0.1:10300.
- An endpoint must be an http or https URL, and an empty one counts as not set: an upgrade without the installer properties does not leave
  an agent that retries an empty address forever.
- \`ephemeral-port-range\` defaults to the range of Windows, 49152-65535, instead of that of Linux, 32768-60999. It works as in the agent for
  Linux: connects to these ports and listeners on them are not reported (Coroot's Windows agent applies it to published ports of Docker only).
  Services that listen there on purpose, e.g. named instances of SQL Server with dynamic ports, need a narrower or empty range; the control
  plane lists such listeners in any case.
- \`track-public-network\` is in effect (Coroot's Windows agent reads it and ignores it). The default \`0.0.0.0/0\` is every address, IPv6 included.
- \`max-destinations-per-container\` exists only here; Coroot's agent has no limit.
- \`wal-dir\` is \`%ProgramData%\\CorootAgent\`: this agent has its own folder.
`;
}

const openApi = await openApiDocument();

/** Text of each generated page by its file name. */
export const generatedDocs: Readonly<Record<string, () => string>> = {
  'docs/api.md': () => apiPage(openApi),
  'docs/configuration.md': configurationPage,
  'docs/errors.md': errorsPage,
  'docs/metrics.md': metricsPage,
  'docs/security.md': securityPage,
};
