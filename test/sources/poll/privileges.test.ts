// Privileges: one that is held is enabled once, and each outcome has its own message.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Win32Error } from '../../../src/native/win32-error.ts';
import { PART_GRANTS } from '../../../src/sources/grants.ts';
import { MemoryReader } from '../../../src/sources/poll/memory.ts';
import { enablePrivilege, type PrivilegeState } from '../../../src/sources/poll/privileges.ts';

/** ntstatus.h: STATUS_PRIVILEGE_NOT_HELD, STATUS_ACCESS_DENIED and STATUS_INVALID_INFO_CLASS. */
const NOT_HELD = 0xc0000061;
const DENIED = 0xc0000022;
const UNKNOWN_CLASS = 0xc0000003;
const NAME = 'SeProfileSingleProcessPrivilege';

const fails =
  (code: number, call = 'AdjustTokenPrivileges') =>
  () => {
    throw new Win32Error(call, code);
  };

describe('enabling a privilege', () => {
  it('succeeds for a privilege that the token holds', () => {
    const asked: string[] = [];
    const calls = { enable: (name: string) => asked.push(name) > 0, held: () => assert.fail('not needed') };
    assert.deepEqual(enablePrivilege(NAME, calls), { state: 'enabled' });
    assert.deepEqual(asked, [NAME]);
  });

  it('reports a privilege that the token does not hold (1300)', () => {
    const calls = { enable: () => false, held: () => [NAME] };
    assert.deepEqual(enablePrivilege(NAME, calls), { state: 'not held' });
  });

  it('reports why a privilege that is held stays disabled', () => {
    for (const code of [5, 6, 1314]) {
      const found = enablePrivilege(NAME, { enable: fails(code), held: () => ['SeChangeNotifyPrivilege', NAME] });
      assert.ok(found.state === 'disabled' && found.error instanceof Win32Error && found.error.code === code);
    }
  });

  it('is not held if enabling fails and the token does not list it', () => {
    // 1313: the system does not know the name.
    const calls = { enable: fails(1313, 'LookupPrivilegeValueW'), held: () => ['SeChangeNotifyPrivilege'] };
    assert.deepEqual(enablePrivilege(NAME, calls), { state: 'not held' });
  });

  it('reports the error if the token cannot be read at all', () => {
    const calls = { enable: fails(5, 'OpenProcessToken'), held: fails(5, 'OpenProcessToken') };
    assert.equal(enablePrivilege(NAME, calls).state, 'disabled');
  });
});

describe('exact free and cached memory', () => {
  const refused = (code: number) => () => {
    throw new Win32Error('NtQuerySystemInformation', code);
  };
  const problemOf = (state: PrivilegeState, code = NOT_HELD) => {
    const { lists, degraded } = new MemoryReader({ enable: () => state, readLists: refused(code) }).readLists();
    assert.equal(lists, undefined);
    assert.equal(degraded.length, 1);
    assert.equal(degraded[0]!.consequence, PART_GRANTS.pageLists.consequence);
    return degraded[0]!;
  };

  it('enables its privilege once, before the first read', () => {
    const log: string[] = [];
    const lists = { freePages: 1, standbyPages: 2 };
    const reader = new MemoryReader({
      enable: (name) => {
        log.push(name);
        return { state: 'enabled' };
      },
      readLists: () => {
        log.push('read');
        return lists;
      },
    });
    assert.deepEqual(reader.readLists(), { lists, degraded: [] });
    assert.deepEqual(reader.readLists(), { lists, degraded: [] });
    assert.deepEqual(log, [NAME, 'read', 'read']);
  });

  /** The cached bytes of eight rounds, and how often the system cache was read; each reading finds one page more. */
  const rounds = (readLists: () => { freePages: number; standbyPages: number }) => {
    let readings = 0;
    const reader = new MemoryReader({
      enable: () => ({ state: 'enabled' }),
      readLists,
      readStatus: () => ({ totalBytes: 1e9, availableBytes: 5e8 }),
      readPerformance: () => ({ pageBytes: 4096, systemCachePages: ++readings }),
    });
    const cached = Array.from({ length: 8 }, () => reader.read().data.cachedBytes);
    return { cached, readings };
  };

  it('is estimated by a system cache that is read in every fourth round', () => {
    const { cached, readings } = rounds(refused(NOT_HELD));
    assert.deepEqual(cached, [4096, 4096, 4096, 4096, 8192, 8192, 8192, 8192]);
    assert.equal(readings, 2);
  });

  it('needs the system cache only once, for the page size, if the page lists are readable', () => {
    const { cached, readings } = rounds(() => ({ freePages: 1, standbyPages: 7 }));
    assert.deepEqual(cached, Array(8).fill(7 * 4096));
    assert.equal(readings, 1);
  });

  it('names the privilege as the missing right if it is not held', () => {
    const { reason, requiredRight } = problemOf({ state: 'not held' });
    assert.match(reason, /a privilege is not held \(0xc0000061\)/);
    assert.match(requiredRight!, /^SeProfileSingleProcessPrivilege, which administrators hold/);
  });

  it('says that the privilege is held, and why it could not be enabled', () => {
    const error = new Win32Error('AdjustTokenPrivileges', 5);
    const { reason, requiredRight } = problemOf({ state: 'disabled', error });
    assert.equal(reason, `${NAME} is held but could not be enabled (AdjustTokenPrivileges: access denied (5))`);
    assert.match(requiredRight!, /^TOKEN_ADJUST_PRIVILEGES/);
  });

  it('names no right if Windows refuses although the privilege is enabled', () => {
    for (const code of [NOT_HELD, DENIED]) {
      const { reason, requiredRight } = problemOf({ state: 'enabled' }, code);
      assert.match(reason, /^NtQuerySystemInformation: .*, although SeProfileSingleProcessPrivilege is enabled$/);
      assert.equal(requiredRight, undefined);
    }
  });

  it('names no privilege if the system lacks the call', () => {
    const states: PrivilegeState[] = [{ state: 'enabled' }, { state: 'not held' }, { state: 'disabled', error: 1 }];
    for (const state of states) {
      const { reason, requiredRight } = problemOf(state, UNKNOWN_CLASS);
      assert.doesNotMatch(reason, /rivilege/);
      assert.equal(requiredRight, undefined);
    }
  });
});
