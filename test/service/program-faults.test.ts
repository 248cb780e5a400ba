// Everything that the service loads is checked: Node, the agent, its packages, and the folders above.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { programFaults } from '../../src/service/program-faults.ts';
import { type FakeFile, FakeFiles, MALLORY, MODIFY, USERS } from '../helpers/fake-files.ts';

const APP = 'C:\\Program Files\\CorootAgent';
const folders = [
  'C:\\Program Files',
  APP,
  `${APP}\\dist`,
  `${APP}\\node_modules`,
  `${APP}\\node_modules\\koffi`,
  `${APP}\\node_modules\\koffi\\lib`,
  `${APP}\\node_modules\\@koromix`,
  `${APP}\\node_modules\\@koromix\\koffi-win32-x64`,
  `${APP}\\node_modules\\other`,
  'C:\\Program Files\\nodejs',
];
const loaded = [
  'C:\\Program Files\\nodejs\\node.exe',
  'C:\\Program Files\\nodejs\\version.dll',
  `${APP}\\package.json`,
  `${APP}\\dist\\service.js`,
  `${APP}\\dist\\main.js`,
  `${APP}\\dist\\chunk-ABC.js`,
  `${APP}\\node_modules\\koffi\\package.json`,
  `${APP}\\node_modules\\koffi\\lib\\index.js`,
  `${APP}\\node_modules\\@koromix\\koffi-win32-x64\\koffi.node`,
];
const tree: Record<string, FakeFile> = {
  'C:\\': {
    isFolder: true,
    entries: [
      [USERS, 0x4],
      [USERS, MODIFY, true],
    ],
  },
  ...Object.fromEntries(folders.map((path) => [path, { isFolder: true }])),
  ...Object.fromEntries([...loaded, `${APP}\\node_modules\\other\\a.js`].map((path) => [path, {}])),
};
const program = {
  node: 'C:\\Program Files\\nodejs\\node.exe',
  entry: `${APP}\\dist\\service.js`,
  packages: ['koffi', '@koromix'],
};
const faults = (changes: Record<string, FakeFile>, change: Partial<typeof program> = {}) =>
  programFaults({ ...program, ...change }, new FakeFiles({ ...tree, ...changes })).map(
    ({ path, reason }) => `${path}: ${reason}`,
  );

describe('the program of the service', () => {
  it('is safe below Program Files', () => assert.deepEqual(faults({}), []));

  for (const path of loaded)
    it(`is unsafe if others may change ${path}`, () => {
      assert.deepEqual(faults({ [path]: { entries: [[USERS, 0x2]] } }), [`${path}: ${USERS} may change it`]);
      assert.deepEqual(faults({ [path]: { owner: MALLORY } }), [`${path}: its owner is ${MALLORY}`]);
    });

  const strictFolders = folders.filter((path) => path !== 'C:\\Program Files' && !path.endsWith('other'));
  for (const path of strictFolders)
    it(`is unsafe if others may create files in ${path}`, () =>
      assert.deepEqual(faults({ [path]: { isFolder: true, entries: [[USERS, 0x2]] } }), [
        `${path}: ${USERS} may change it`,
      ]));

  it('is unsafe if others may rename or empty a folder above it, or own it', () => {
    const above = 'C:\\Program Files';
    for (const right of [0x40, 0x10000, 0x40000, 0x80000])
      assert.deepEqual(faults({ [above]: { isFolder: true, entries: [[USERS, right]] } }), [
        `${above}: ${USERS} may replace what is in it`,
      ]);
    assert.deepEqual(faults({ 'C:\\': { isFolder: true, owner: MALLORY } }), [`C:\\: its owner is ${MALLORY}`]);
  });

  it('is unsafe below a link, and if an access list cannot be read', () => {
    assert.deepEqual(faults({ [APP]: { isFolder: true, link: true } }), [`${APP}: it is a link to somewhere else`]);
    assert.match(
      faults({ [`${APP}\\dist\\main.js`]: { denied: true } })[0]!,
      /main\.js: its access list cannot be read/,
    );
  });

  it('includes a folder node_modules that is nearer to the script', () => {
    const nearer = `${APP}\\dist\\node_modules`;
    const found = faults({ [nearer]: { isFolder: true }, [`${nearer}\\koffi`]: { isFolder: true, owner: MALLORY } });
    assert.deepEqual(found, [`${nearer}\\koffi: its owner is ${MALLORY}`]);
  });

  it('does not depend on packages that it does not load, unless all are loaded from source', () => {
    const other = { [`${APP}\\node_modules\\other\\a.js`]: { owner: MALLORY } };
    assert.deepEqual(faults(other), []);
    const files = new FakeFiles({ ...tree, ...other });
    assert.equal(programFaults({ ...program, packages: undefined }, files).length, 1);
  });

  it('reports at most twenty faults', () => {
    const many = Object.fromEntries(
      Array.from({ length: 100 }, (_, i) => [`${APP}\\dist\\chunk-${i}.js`, { owner: MALLORY }]),
    );
    assert.equal(faults(many).length, 20);
  });
});
