// Generates docs/security.md from the rights that the service keeps and the rights that sources require.

import { serviceSid } from '../../src/base/sid.ts';
import { CONTENT_ACCESS, FOLDER_ACCESS, SETTINGS_ACCESS } from '../../src/service/data-folder.ts';
import { SERVICE_NAME } from '../../src/service/names.ts';
import { GROUPS, SYSTEM_PRIVILEGES, VIRTUAL_PRIVILEGES } from '../../src/service/rights.ts';
import { FULL_ACCESS, MODIFY_ACCESS, MODIFY_IN_PLACE_ACCESS } from '../../src/service/security-descriptor.ts';
import { type Grant, KIND_GRANTS, PART_GRANTS } from '../../src/sources/grants.ts';
import { notice, table } from './markdown.ts';

/** `pageLists` as `page lists`. */
const words = (key: string): string => key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const names: Readonly<Record<string, string>> = {
  'S-1-5-18': 'SYSTEM',
  'S-1-5-32-544': 'Administrators',
  [serviceSid(SERVICE_NAME)]: `the service (\`NT SERVICE\\${SERVICE_NAME}\`)`,
};

const rightNames = new Map([
  [FULL_ACCESS, 'full'],
  [MODIFY_ACCESS, 'modify'],
  [MODIFY_IN_PLACE_ACCESS, 'modify, but not delete or rename'],
]);
const rightName = (mask: number): string => rightNames.get(mask) ?? 'read';

export function securityPage(): string {
  const grants = Object.entries<Grant>({ ...KIND_GRANTS, ...PART_GRANTS });
  const wanted = grants
    .filter(([, { requiredRight }]) => requiredRight !== undefined)
    .map(([key, { requiredRight, consequence }]) => [words(key), requiredRight!, consequence]);
  const privileges = SYSTEM_PRIVILEGES.map(({ name, neededFor, consequence }) => [
    `\`${name}\``,
    neededFor,
    consequence,
    VIRTUAL_PRIVILEGES.some((each) => each.name === name) ? 'yes' : 'no',
  ]);
  const groups = GROUPS.map(({ name, sid, neededFor, consequence }) => [name, `\`${sid}\``, neededFor, consequence]);
  const access = CONTENT_ACCESS.aces.map(({ sid, mask }, i) => [
    names[sid]!,
    rightName(FOLDER_ACCESS.aces[i]!.mask),
    rightName(mask),
    rightName(SETTINGS_ACCESS.aces[i]!.mask),
  ]);
  return `${notice}

# Rights of the service
The rights of the installed service, what needs them, and the consequence of lacking one (sources: \`src/service/rights.ts\`,
\`src/sources/grants.ts\`). Reports of weaknesses: [SECURITY.md](../SECURITY.md).

## Accounts
\`coroot-agent service install\` uses **LocalSystem** and keeps only the privileges below.
\`--account virtual\` uses **\`NT SERVICE\\${SERVICE_NAME}\`** instead, a virtual account without a password that exists as long as the service,
and makes it a member of the groups below. The agent grants no other rights to the account.

### Privileges kept
${table(['privilege', 'needed for', 'lost without it', 'virtual account has it'], privileges)}

### Groups of the virtual account
Identified by their well-known SIDs; their names depend on the language of Windows.

${table(['group', 'SID', 'needed for', 'lost without it'], groups)}

## Rights that sources require
If Windows refuses a right, \`coroot-agent status\` names the right and the consequence, and everything else works. Every account can read
what is not in this table. The token of an elevated administrator holds its privileges disabled, so the agent enables the privilege that
the table names, and no other.

${table(['part', 'right', 'lost without it'], wanted)}

## What the agent turns on
Some figures need counting that Windows does not do by itself:

| what | why | off again |
| --- | --- | --- |
| an event tracing session with its own name | events of connections, DNS requests and processes | when the agent stops; after a kill at its next start, or that of Windows |
| disk counters: one reference of IOCTL_DISK_PERFORMANCE for each volume | disk requests and busy time | when the agent stops; after a kill when Windows restarts |
| extended statistics of TCP connections that stay open | bytes and round-trip times while they are open | when the connection ends |

## Files
\`%ProgramData%\\${SERVICE_NAME}\` is created with this access list and inherits nothing from ProgramData, where every user can create files.
The owner is Administrators. The service can neither change its own settings file nor replace this folder by another one.

${table(['account', 'the folder itself', 'its content', '`settings.json`, `coroot-windows-agent.json`'], access)}

Every start of the service, and every command that reads settings, first checks the folder and everything in it. It refuses, with exit code 12,
- a link (junction or symbolic link), and prints the command that removes the link: \`rmdir\`, or \`del\` for a file;
- another owner, or an account that may change anything in it, or an access list that an administrator cannot read. Nothing in such a folder
  can be trusted, and a program that has a file in it open keeps its access. \`coroot-agent service install\` renames it to
  \`CorootAgent.unsafe-\` and a random number, and creates a new one; **nothing is copied**, so enter the settings again. The message has a
  \`ren\` command for the same;
- an account that may read \`settings.json\` or anything else there, e.g. because the file was moved into the folder: a moved file keeps its
  access list. The installation resets these lists.

A file that \`COROOT_SETTINGS_FILE\` names must be as safe: on a drive of this machine, no link in its path, changed only by administrators,
read only by them and the service, in folders that only they can rename or empty. A command that is not elevated also trusts its own user.

\`coroot-agent service install\` checks each file that the service loads, i.e. \`node.exe\`, the DLLs beside it, everything in the folder of
the agent and its packages in \`node_modules\`, and the folders above them. If accounts other than administrators can change one of them,
it refuses with exit code 14: they would have the rights of the service. Install below Program Files. \`--allow-unsafe-program\` installs
nevertheless and prints a warning; it is for test machines.

\`coroot-agent service uninstall\` does not delete a data folder that other accounts can change, because they could exchange parts of it
during the deletion; it says so, and an administrator removes it by hand.

## Secrets
The API key is in \`settings.json\` or in a variable of the machine, never in the command line of the service, which every user can read.
Messages, \`coroot-agent config\`, tapes and imports show \`********\` instead; crash reports contain no configured values. In a URL, valid or
not, the whole user information and the value of every parameter are masked: a token may be in any of them.
`;
}
