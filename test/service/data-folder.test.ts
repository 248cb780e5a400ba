// The data folder: what makes it unsafe, what is printed, and how it is made safe, without following a link.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AgentError } from '../../src/base/errors.ts';
import { serviceSid } from '../../src/base/sid.ts';
import { createDataFolder, secureDataFolder } from '../../src/service/data-folder.ts';
import { asideName, checkDataFolder, folderFaults } from '../../src/service/folder-faults.ts';
import {
  AUTHENTICATED_USERS,
  type FakeFile,
  FakeFiles,
  MALLORY,
  MODIFY,
  READ_EXECUTE,
  USERS,
} from '../helpers/fake-files.ts';

const FOLDER = 'C:\\ProgramData\\CorootAgent';
const ASIDE = `${FOLDER}.unsafe-1`;
const SETTINGS = `${FOLDER}\\settings.json`;
const CRASHES = `${FOLDER}\\crashes`;
const SERVICE = serviceSid('CorootAgent');
const ADMIN = 'S-1-5-21-1-2-3-500';

const safe: FakeFile = {
  isFolder: true,
  entries: [
    [SERVICE, 0x1201bf],
    [SERVICE, MODIFY, true],
  ],
};
const readable: FakeFile = { entries: [[SERVICE, 0x120089]] };
const withFiles = (files: Readonly<Record<string, FakeFile>>) =>
  new FakeFiles({ [FOLDER]: safe, [SETTINGS]: readable, ...files });
const reasons = (files: FakeFiles, self?: string) =>
  folderFaults(FOLDER, self, files)!.map(({ path, kind, reason }) => `${kind} ${path}: ${reason}`);

function message(files: FakeFiles): string {
  try {
    checkDataFolder(FOLDER, undefined, files);
  } catch (error) {
    assert.ok(error instanceof AgentError && error.code === 'DATA_FOLDER_UNSAFE' && error.exitCode === 12);
    return error.message;
  }
  return '';
}
const command = (files: FakeFiles) => message(files).split('To repair it: ')[1];
const secure = (files: FakeFiles) => secureDataFolder(FOLDER, ASIDE, undefined, files);

describe('the check of the data folder', () => {
  it('finds nothing in a safe folder with settings and crash reports', () =>
    assert.deepEqual(
      reasons(withFiles({ [CRASHES]: { isFolder: true, entries: [[SERVICE, MODIFY]] }, [`${CRASHES}\\a`]: {} })),
      [],
    ));

  const readers: [string, string][] = [
    ['settings.json', SETTINGS],
    ['the memory of a replacement', `${FOLDER}\\coroot-windows-agent.json`],
    ['a crash report', `${CRASHES}\\crash-1.json`],
    ['a file two folders below', `${CRASHES}\\1\\part`],
    ['the folder of a queue of the spool', `${FOLDER}\\spool\\metrics`],
    ['the folder itself', FOLDER],
  ];
  for (const [what, path] of readers)
    it(`reports others that may read ${what}, e.g. after it was moved there`, () => {
      const isFolder = path === FOLDER || path.endsWith('metrics');
      const files = withFiles({
        [CRASHES]: { isFolder: true },
        [`${CRASHES}\\1`]: { isFolder: true },
        [`${FOLDER}\\spool`]: { isFolder: true },
        [path]: { isFolder, entries: [[USERS, READ_EXECUTE]] },
      });
      assert.deepEqual(reasons(files), [`read ${path}: ${USERS} may read it`]);
      assert.match(message(files), /may read it/);
    });

  it('does not read the payloads of the spool, which may be many thousands', () => {
    const queue = `${FOLDER}\\spool\\metrics`;
    const files = withFiles({
      [`${FOLDER}\\spool`]: { isFolder: true },
      [queue]: { isFolder: true },
      [`${queue}\\1`]: { denied: true },
      [`${CRASHES}\\spool`]: { isFolder: true },
    });
    assert.deepEqual(reasons(files), []);
  });

  it('reports a folder that lets others list only what they inherit', () =>
    assert.deepEqual(reasons(withFiles({ [FOLDER]: { ...safe, entries: [[USERS, READ_EXECUTE, true]] } })), [
      `read ${FOLDER}: ${USERS} may read it`,
    ]));

  it('reports a settings file that the service may change or owns, whatever the case of its name', () => {
    const files = withFiles({
      [SETTINGS]: { entries: [[SERVICE, MODIFY]] },
      [`${FOLDER}\\COROOT-windows-agent.json`]: { owner: SERVICE },
    });
    const expected = [
      `change ${SETTINGS}: ${SERVICE} may change it`,
      `change ${FOLDER}\\COROOT-windows-agent.json: its owner is ${SERVICE}`,
    ];
    assert.deepEqual(reasons(files), expected);
    assert.deepEqual(reasons(files, SERVICE), expected, 'also to the service itself');
  });

  it('reports that the service may delete or rename the folder, or has replaced it', () => {
    assert.deepEqual(reasons(withFiles({ [FOLDER]: { isFolder: true, entries: [[SERVICE, MODIFY]] } })), [
      `rename ${FOLDER}: the service may rename it`,
    ]);
    assert.match(reasons(withFiles({ [FOLDER]: { ...safe, owner: SERVICE } }), SERVICE)[0]!, /^change .*its owner is/);
  });

  it('reports an access list that cannot be read as a fault', () => {
    assert.match(
      reasons(withFiles({ [FOLDER]: { denied: true } }))[0]!,
      /^change .*access list cannot be read: .*denied/,
    );
    assert.match(reasons(withFiles({ [SETTINGS]: { denied: true } }))[0]!, /^change .*settings\.json: its access list/);
  });

  it('reports a link without looking behind it', () =>
    assert.deepEqual(
      reasons(new FakeFiles({ [FOLDER]: { isFolder: true, link: true }, [SETTINGS]: { owner: MALLORY } })),
      [`link ${FOLDER}: it is a link to somewhere else`],
    ));

  it('ends after twenty faults and says so', () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`${FOLDER}\\f${i}`, { owner: MALLORY }]));
    assert.equal(reasons(withFiles(many)).length, 20);
    assert.match(message(withFiles(many)), /; the rest was not checked\. To repair/);
  });

  it('trusts the account of this process as owner', () =>
    assert.deepEqual(reasons(withFiles({ [FOLDER]: { ...safe, owner: ADMIN } }), ADMIN), []));
});

describe('the command that the message has', () => {
  it('removes the link, for the folder and for a file in it', () => {
    assert.equal(command(new FakeFiles({ [FOLDER]: { isFolder: true, link: true } })), `rmdir "${FOLDER}"`);
    assert.equal(
      command(withFiles({ [SETTINGS]: { link: true }, [CRASHES]: { isFolder: true, link: true } })),
      `del "${SETTINGS}" & rmdir "${CRASHES}"`,
    );
  });

  it('renames a folder that others filled, under a random name', () => {
    const filled = () =>
      withFiles({ [FOLDER]: { isFolder: true, owner: MALLORY }, [CRASHES]: { isFolder: true, link: true } });
    const [first, second] = [command(filled()), command(filled())];
    assert.match(first!, /^ren "C:\\ProgramData\\CorootAgent" "CorootAgent\.unsafe-[\da-f]{16}"$/);
    assert.notEqual(first, second);
  });

  it('never follows a link or goes through a folder', () => {
    const cases = [
      withFiles({ [FOLDER]: { isFolder: true, owner: MALLORY } }),
      withFiles({ [SETTINGS]: { entries: [[USERS, MODIFY]] } }),
      withFiles({
        [SETTINGS]: {
          entries: [
            [USERS, READ_EXECUTE],
            [AUTHENTICATED_USERS, READ_EXECUTE],
          ],
        },
      }),
      withFiles({ [FOLDER]: { isFolder: true, entries: [[USERS, READ_EXECUTE]] } }),
    ];
    for (const files of cases)
      for (const each of command(files)!.split(' & ')) {
        assert.doesNotMatch(each, /\/T\b/i);
        if (each.startsWith('icacls')) assert.match(each, /\/L\b/);
      }
  });

  it('takes the right to read from the accounts that have it', () =>
    assert.equal(
      command(withFiles({ [SETTINGS]: { entries: [[USERS, READ_EXECUTE]] } })),
      `icacls "${SETTINGS}" /inheritance:d /L & icacls "${SETTINGS}" /remove:g "*${USERS}" /L`,
    ));
});

describe('the installation', () => {
  const hostile: [string, FakeFiles][] = [
    ['another owner', withFiles({ [FOLDER]: { isFolder: true, owner: MALLORY } })],
    ['users that may create files', withFiles({ [FOLDER]: { isFolder: true, entries: [[USERS, 0x2]] } })],
    ['a settings file that users may change', withFiles({ [SETTINGS]: { entries: [[USERS, MODIFY]] } })],
    ['an access list that cannot be read', withFiles({ [FOLDER]: { denied: true } })],
    ['links in it besides', withFiles({ [SETTINGS]: { owner: MALLORY }, [CRASHES]: { isFolder: true, link: true } })],
  ];
  for (const [what, files] of hostile)
    it(`moves a folder with ${what} aside, creates a new one, and copies nothing`, () => {
      secure(files);
      assert.deepEqual(files.calls, [`rename ${FOLDER} ${ASIDE}`, `createFolder ${FOLDER}`]);
      assert.deepEqual(reasons(files), []);
      assert.deepEqual(files.list(FOLDER), []);
      assert.ok(files.paths.has(`${ASIDE}\\settings.json`), 'the old content is kept');
    });

  it('refuses a link with the command that removes it, and changes nothing', () => {
    const top = new FakeFiles({ [FOLDER]: { isFolder: true, link: true, owner: MALLORY } });
    assert.throws(() => secure(top), { message: /is a link .*: rmdir "C:\\ProgramData\\CorootAgent"$/ });
    const inside = withFiles({ [SETTINGS]: { link: true } });
    assert.throws(() => secure(inside), { message: /settings\.json is a link .*: del "C:\\.*settings\.json"$/ });
    assert.deepEqual([top.calls, inside.calls], [[], []]);
  });

  it('keeps a folder of which others may only read files, and resets their access lists', () => {
    const files = withFiles({ [SETTINGS]: { entries: [[USERS, READ_EXECUTE]] }, [CRASHES]: { isFolder: true } });
    secure(files);
    assert.deepEqual(files.calls, [`setAccess ${SETTINGS}`]);
    assert.deepEqual(reasons(files), []);
  });

  it('takes the right to rename the folder from the service', () => {
    const files = withFiles({ [FOLDER]: { isFolder: true, entries: [[SERVICE, MODIFY]] } });
    secure(files);
    assert.deepEqual([files.calls, reasons(files)], [[`setAccess ${FOLDER}`], []]);
  });

  it('fails if another account creates the folder in between, and does not use it', () => {
    const files = withFiles({ [FOLDER]: { isFolder: true, owner: MALLORY } });
    files.beforeCreate = () => files.add(FOLDER, { isFolder: true, owner: MALLORY });
    assert.throws(() => secure(files), /CreateDirectoryW/);
  });

  it('says what to do if a program holds the folder open', () => {
    const files = withFiles({ [FOLDER]: { isFolder: true, owner: MALLORY } });
    files.renameError = new Error('EBUSY: resource busy');
    assert.throws(() => secure(files), /cannot be moved to .*EBUSY.*close the programs .* and run the command again/);
    assert.deepEqual(files.calls, [`rename ${FOLDER} ${ASIDE}`]);
  });

  it('creates a missing folder, safe from the start', () => {
    const files = new FakeFiles({});
    secure(files);
    assert.deepEqual([files.calls, reasons(files)], [[`createFolder ${FOLDER}`], []]);
    assert.equal(createDataFolder(FOLDER, files), false);
  });

  it('names the folder that is moved aside differently each time', () =>
    assert.notEqual(asideName(FOLDER), asideName(FOLDER)));
});
