// The pages of docs/ that are printed from tables in the source.
import { ERRORS } from '../../src/base/errors.ts';
import { catalogue, type MetricDefinition } from '../../src/collectors/catalogue.ts';
import { allSettings, settingsFileSetting, variableOf } from '../../src/settings/index.ts';
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
Every error that a person may see (source: \`src/base/errors.ts\`). Commands end with the exit code; the control plane answers
with the HTTP status and \`{"error": {"code", "message", "hint"}}\`. An agent that had to end for certain (a hung system call, an
uncaught error) ends with exit code 1 and says why on standard error and in a crash report. A service ends with the exit code as its
service-specific one (\`coroot-agent service status\`, \`sc.exe query CorootAgent\`) and says why in the Event Log.

${table(['code', 'message', 'exit', 'HTTP', 'what to do'], rows)}
`;
}

function metricsPage(): string {
  const rows = Object.values<MetricDefinition>(catalogue).map(
    ({ name, type, labels, unit, emittedWhen, help, scope, buckets }) => {
      return [
        `\`${name}\``,
        buckets ? `${type} to ${buckets.join(', ')}` : type,
        labels.map((label) => `\`${label}\``).join(' '),
        scope,
        unit,
        help,
        emittedWhen,
      ];
    },
  );
  return `${notice}

# Metrics
Every family (source: \`src/collectors/catalogue.ts\`). Names, types and labels are Coroot's; \`coroot_agent_*\` are the agent's own.
Besides their own labels, families of scope *node* and *agent* carry \`machine_id\` and \`system_uuid\`, those of scope *container*
these and \`container_id\`.

${table(['name', 'type', 'labels', 'scope', 'unit', 'help', 'emitted when'], rows)}
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
  It is named by \`--settings-file\` or \`COROOT_SETTINGS_FILE\`; on Windows \`%ProgramData%\\CorootAgent\\settings.json\` is read where it exists.
- Lists: repeat the flag; one entry a line in a variable; an array in the file. Patterns are RE2, unanchored.
- Switches: \`--loop\` and \`--no-loop\`; in a variable \`1 t true 0 f false\` in the usual spellings.
- Durations as in Go (\`15s\`, \`1m30s\`); sizes are 1024-based and need a unit (\`500MB\`).
- An empty variable counts as not set; where there is no default, an empty flag or entry does, too. An empty \`ephemeral-port-range\` is a
  choice: no filter.
- \`@FILE\` on the command line stands for the arguments in that file, one a line; lines that begin with \`#\` are
  skipped, and what follows \`--\` is left as it is.
- \`wal-dir\` is \`%ProgramData%\\CorootAgent\` where nobody sets it, and \`.coroot-agent\` in the current folder off Windows.
- A value that is not allowed ends the program with exit code 2 and one line that names setting, value, what is allowed and origin.

${table(['setting', 'variable', 'default', 'allowed', 'meaning'], rows)}

## Where this differs from Coroot's own agent
- \`listen\` is honoured when metrics are pushed as well; theirs is overwritten with 127.0.0.1:10300 then.
- An endpoint must be an http or https URL, and one that is set to nothing counts as not set: an upgrade that forgets its
  properties does not leave an agent that retries an empty address for ever.
- \`ephemeral-port-range\` is Windows' own range by default, 49152-65535, not Linux' 32768-60999, and works as in the agent for
  Linux: connects to ports of the range and listeners on them are not reported (theirs for Windows looks at published ports of
  Docker only). Services that listen there by choice, as named instances of SQL Server with dynamic ports do, need a narrower
  range, or an empty one; the control plane lists listeners on such ports all the same.
- \`track-public-network\` works, too (theirs for Windows reads it and does nothing). \`0.0.0.0/0\`, the default, is every address, of IPv6 too.
- \`max-destinations-per-container\` is ours: theirs has no limit.
- \`wal-dir\` is \`%ProgramData%\\CorootAgent\`: this agent has a folder of its own.
`;
}

/** Text of each generated page by its file name. */
export const generatedDocs: Readonly<Record<string, () => string>> = {
  'docs/configuration.md': configurationPage,
  'docs/errors.md': errorsPage,
  'docs/metrics.md': metricsPage,
  'docs/security.md': securityPage,
};
