// Control characters in settings: from a file they are backslashes that JSON took for escapes.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AgentError } from '../../src/base/errors.ts';
import { allSettings, resolveConfig, variableOf } from '../../src/settings/index.ts';
import { isInvalid, noSuchFile, resolve, withFile } from '../helpers/settings.ts';

/** A value that each kind of setting would accept without the character. */
const good: Record<string, string> = {
  'collector-endpoint': 'https://coroot.example',
  'metrics-endpoint': 'https://coroot.example',
  'logs-endpoint': 'https://coroot.example',
  'allowed-hosts': 'agent.example',
  'api-access': 'local',
  'track-public-network': '10.0.0.0/8',
  host: 'tape:C:\\tapes\\a',
};

const characters = ['\u0000', '\b', '\t', '\n', '\f', '\r', '\u001b', '\u007f', '\u0085', '\u2028', '\ud800', '\udc00'];

describe('settings with control characters', () => {
  for (const { name, kind } of allSettings) {
    it(`are refused for ${name}, from every source`, () => {
      for (const character of characters) {
        const text = `${good[name] ?? 'a'}${character}b`;
        const flag = kind === 'list' ? [text] : text;
        assert.throws(() => resolve({ [name]: flag }), isInvalid(name), JSON.stringify(text));
        assert.throws(() => withFile({ [name]: flag }), isInvalid(name), JSON.stringify(text));
        // In a variable a line feed separates the entries of a list.
        if (kind !== 'list' || character !== '\n')
          assert.throws(() => resolve({}, { [variableOf(name)]: text }), isInvalid(name), JSON.stringify(text));
      }
    });
  }

  for (const [name, json] of [
    ['wal-dir', String.raw`{"wal-dir": "C:\temp\new"}`],
    ['wal-dir', String.raw`{"wal-dir": "C:\new"}`],
    ['ca-file', String.raw`{"ca-file": "D:\release\bundle.pem"}`],
    ['ca-file', String.raw`{"ca-file": "\\nas\files\ca.pem"}`],
    ['host', String.raw`{"host": "tape:C:\tapes"}`],
  ] as const)
    it(`are refused with the hint to double the backslash: ${json}`, () => {
      assert.throws(
        () => withFile(json),
        (error) => {
          assert.ok(error instanceof AgentError);
          assert.match(error.message, /each backslash is written twice, e\.g\. "C:\\\\temp"/);
          return true;
        },
      );
      assert.ok(json.includes(name));
    });

  it('give the same hint where the backslash starts no escape of JSON', () => {
    for (const json of [String.raw`{"wal-dir": "C:\data"}`, String.raw`{"wal-dir": "C:\users\x"}`])
      assert.throws(() => withFile(json), /written twice/);
    assert.throws(
      () => withFile('{"wal-dir": "C:\\\\data",}'),
      (error: Error) => !error.message.includes('twice'),
    );
  });

  it('are refused in the path of the settings file', () => {
    for (const path of ['C:\tmp\\settings.json', 'a\u0000b']) {
      const sources = { flags: {}, env: {}, platform: 'win32', readFile: noSuchFile } as const;
      for (const named of [{ settingsFile: path }, { env: { COROOT_SETTINGS_FILE: path } }])
        assert.throws(() => resolveConfig({ ...sources, ...named }), /its path must be one without control characters/);
    }
  });

  it('do not include doubled backslashes, spaces and other scripts', () => {
    const config = withFile(String.raw`{"wal-dir": "C:\\temp\\new folder\\данные 😀"}`);
    assert.equal(config.walDir, 'C:\\temp\\new folder\\данные 😀');
  });
});
