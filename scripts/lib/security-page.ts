// Prints docs/security.md from the rights that the service keeps and those that sources ask for.

import { serviceSid } from '../../src/base/sid.ts';
import { FOLDER_ACCESS, SETTINGS_ACCESS } from '../../src/service/data-folder.ts';
import { SERVICE_NAME } from '../../src/service/names.ts';
import { GROUPS, SYSTEM_PRIVILEGES, VIRTUAL_PRIVILEGES } from '../../src/service/rights.ts';
import { MODIFY_ACCESS } from '../../src/service/security-descriptor.ts';
import { type Grant, KIND_GRANTS, PART_GRANTS } from '../../src/sources/grants.ts';
import { notice, table } from './markdown.ts';

/** `pageLists` as `page lists`. */
const words = (key: string): string => key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const names: Readonly<Record<string, string>> = {
  'S-1-5-18': 'SYSTEM',
  'S-1-5-32-544': 'Administrators',
  [serviceSid(SERVICE_NAME)]: `the service (\`NT SERVICE\\${SERVICE_NAME}\`)`,
};

const rightName = (mask: number): string => (mask === MODIFY_ACCESS ? 'modify' : mask === 0x1f01ff ? 'full' : 'read');

export function securityPage(): string {
  const grants = Object.entries<Grant>({ ...KIND_GRANTS, ...PART_GRANTS });
  const wanted = grants
    .filter(([, { right }]) => right !== undefined)
    .map(([key, { right, lost }]) => [words(key), right!, lost]);
  const privileges = SYSTEM_PRIVILEGES.map(({ name, neededFor, lost }) => [
    `\`${name}\``,
    neededFor,
    lost,
    VIRTUAL_PRIVILEGES.some((each) => each.name === name) ? 'yes' : 'no',
  ]);
  const groups = GROUPS.map(({ name, sid, neededFor, lost }) => [name, `\`${sid}\``, neededFor, lost]);
  const access = FOLDER_ACCESS.aces.map(({ sid, mask }, i) => [
    names[sid]!,
    rightName(mask),
    rightName(SETTINGS_ACCESS.aces[i]!.mask),
  ]);
  return `${notice}

# Rights of the service
What the installed service may do, what needs it, and what is lost without it (sources: \`src/service/rights.ts\`,
\`src/sources/grants.ts\`). Reports of weaknesses: [SECURITY.md](../SECURITY.md).

## Accounts
\`coroot-agent service install\` takes **LocalSystem** with all privileges taken away but those below.
\`--account virtual\` takes **\`NT SERVICE\\${SERVICE_NAME}\`** instead, an account without a password that exists while the service does, and
makes it a member of the groups below. Nothing else that the account may do comes from us.

### Privileges kept
${table(['privilege', 'needed for', 'lost without it', 'virtual account has it'], privileges)}

### Groups of the virtual account
By their well-known SIDs, whatever their names are in the language of the system.

${table(['group', 'SID', 'needed for', 'lost without it'], groups)}

## What sources ask for
Where the system refuses, \`coroot-agent status\` names the right and what is lost, and the rest goes on. What is not in this table may be
read by everybody.

${table(['part', 'right', 'lost without it'], wanted)}

## Files
\`%ProgramData%\\${SERVICE_NAME}\` is created with these rights, not given them later, and inherits nothing from ProgramData, where every user
may create files. The owner is Administrators. The service cannot change its own settings file.

${table(['who', 'folder and what is in it', '`settings.json`'], access)}

At each start the folder, the settings file and the folder of crash reports are checked: another owner, a right to change for anybody
else, or a link to elsewhere ends the start with exit code 12 and the command that mends it. \`coroot-agent service install\` repairs
it as well; look at \`settings.json\` afterwards, somebody may have written it. The installer also warns when others may change the program
that the service runs: install it below Program Files.

## Secrets
The API key stands in \`settings.json\` or in a variable of the machine, never in the command line of the service, which every user can
read. Messages, \`coroot-agent config\`, tapes and imports show \`********\` for it; crash reports hold no value of a setting that somebody
chose.
`;
}
