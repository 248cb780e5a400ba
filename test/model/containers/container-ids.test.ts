// Ids of services whose names differ only in `$` and `_`: who has an id keeps it, whatever is installed later.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ContainerIds } from '../../../src/model/containers/container-ids.ts';
import { aModel, containerOf, round, wall } from '../../helpers/model.ts';
import { aService } from '../../helpers/observations.ts';

const never = () => false;
const ids = (each: ContainerIds, ...names: string[]) => {
  const byName = each.assign(names, never);
  return names.map((name) => byName.get(name));
};

test('keeps the id of a service when one with the plain name is installed later', () => {
  const each = new ContainerIds();
  assert.deepEqual(ids(each, 'MSSQL$PROD'), ['/win/MSSQL_PROD']);
  assert.deepEqual(ids(each, 'MSSQL$PROD', 'MSSQL_PROD'), ['/win/MSSQL_PROD', '/win/MSSQL$PROD']);
  assert.deepEqual(ids(each, 'MSSQL_PROD', 'MSSQL$PROD'), ['/win/MSSQL$PROD', '/win/MSSQL_PROD']);
  assert.deepEqual(ids(each, 'MSSQL_PROD'), ['/win/MSSQL$PROD']);
});

test('keeps the id of a service when one with `$` is installed later', () => {
  const each = new ContainerIds();
  assert.deepEqual(ids(each, 'MSSQL_PROD'), ['/win/MSSQL_PROD']);
  assert.deepEqual(ids(each, 'MSSQL$PROD', 'MSSQL_PROD'), ['/win/MSSQL$PROD', '/win/MSSQL_PROD']);
  assert.deepEqual(ids(each, 'MSSQL$PROD'), ['/win/MSSQL$PROD']);
});

test('gives the plain id to the service without `$` when both appear together, in any order', () => {
  assert.deepEqual(ids(new ContainerIds(), 'a$b', 'a_b'), ['/win/a$b', '/win/a_b']);
  assert.deepEqual(ids(new ContainerIds(), 'a_b', 'a$b'), ['/win/a_b', '/win/a$b']);
});

test('gives no two services the same id, in every order of installation', () => {
  const names = ['a$b$c', 'a_b$c', 'a$b_c', 'a_b_c'];
  for (const order of permutations(names)) {
    const each = new ContainerIds();
    let before: (string | undefined)[] = [];
    for (let count = 1; count <= order.length; count++) {
      const now = ids(each, ...order.slice(0, count));
      assert.equal(new Set(now).size, count, order.join());
      assert.deepEqual(now.slice(0, -1), before, order.join());
      before = now;
    }
  }
});

test('gives a newcomer the id of the service that has its own, and no third id', () => {
  const each = new ContainerIds();
  assert.deepEqual(ids(each, 'a$b_c'), ['/win/a_b_c']);
  const later = ['a$b_c', 'a_b$c', 'a$b$c', 'a_b_c'];
  const expected = ['/win/a_b_c', '/win/a_b$c', '/win/a$b$c', '/win/a$b_c'];
  assert.deepEqual(ids(each, ...later), expected);
  // The first one is removed and installed again.
  assert.deepEqual(ids(each, ...later.slice(1)), expected.slice(1));
  assert.deepEqual(ids(each, ...later), expected);
});

test('gives no two services ids that differ only in letter case', () => {
  const each = new ContainerIds();
  assert.deepEqual(ids(each, 'MSSQL$PROD'), ['/win/MSSQL_PROD']);
  assert.deepEqual(ids(each, 'MSSQL$PROD', 'mssql_prod'), ['/win/MSSQL_PROD', '/win/MSSQL$PROD']);
  assert.deepEqual(ids(new ContainerIds(), 'A$B', 'a_b'), ['/win/A$B', '/win/a_b']);
});

test('a service that is installed again in other letter case keeps its id while it is retained', () => {
  const model = aModel();
  const list = [{ pid: 100, createdAtMs: wall(-60_000) }];
  round(model, 0, { services: [aService({ name: 'Web', pid: 100 })], processes: list });
  round(model, 15_000, { services: [], processes: [] });
  round(model, 30_000, { services: [aService({ name: 'web', pid: 101 })], processes: [{ pid: 101 }] });
  assert.deepEqual(
    model.containers.all().map(({ id, name, restarts }) => [id, name, restarts]),
    [['/win/Web', 'web', 1]],
  );
  assert.equal(new Set(ids(new ContainerIds(), 'Web', 'web')).size, 2);
});

test('gives an id to another service only after its container was removed', () => {
  const each = new ContainerIds();
  ids(each, 'a$b');
  assert.deepEqual(
    [...each.assign(['a_b'], (id) => id === '/win/a_b')],
    [
      ['a$b', '/win/a_b'],
      ['a_b', '/win/a$b'],
    ],
  );
  const later = new ContainerIds();
  ids(later, 'a$b');
  assert.deepEqual([...later.assign(['a_b'], never)], [['a_b', '/win/a_b']]);
});

test('a service installed later does not take over CPU, name and restarts of another', () => {
  const model = aModel();
  const sql = aService({ name: 'MSSQL$PROD', displayName: 'SQL Server (PROD)', pid: 100 });
  const other = aService({ name: 'MSSQL_PROD', displayName: 'Imitation', pid: 200 });
  const list = (userMs: number) => [
    { pid: 100, createdAtMs: wall(-60_000), userMs },
    { pid: 200, createdAtMs: wall(20_000), userMs: 1000 },
  ];
  round(model, 0, { services: [sql], processes: list(1000).slice(0, 1) });
  round(model, 15_000, { services: [sql], processes: list(6000).slice(0, 1) });
  round(model, 30_000, { services: [sql, other], processes: list(7000) });
  round(model, 45_000, { services: [other, sql], processes: list(8000) });
  const { name, displayName, pid, restarts, usage } = containerOf(model, '/win/MSSQL_PROD');
  assert.deepEqual(
    [name, displayName, pid, restarts, usage.cpuSeconds],
    ['MSSQL$PROD', 'SQL Server (PROD)', 100, 0, 7],
  );
  const newcomer = containerOf(model, '/win/MSSQL$PROD');
  assert.deepEqual([newcomer.name, newcomer.pid, newcomer.restarts], ['MSSQL_PROD', 200, 0]);
});

test('gives a newcomer the other id while the container of a removed service is retained', () => {
  const model = aModel();
  const sql = aService({ name: 'MSSQL$PROD', pid: 100 });
  const other = aService({ name: 'MSSQL_PROD', pid: 200 });
  const processes = [{ pid: 100 }, { pid: 200 }];
  round(model, 0, { services: [sql], processes });
  for (let atMs = 15_000; atMs <= 400_000; atMs += 15_000) round(model, atMs, { services: [other], processes });
  assert.deepEqual(
    model.containers.all().map(({ id, name, restarts }) => [id, name, restarts]),
    [['/win/MSSQL$PROD', 'MSSQL_PROD', 0]],
  );
});

function permutations(names: readonly string[]): string[][] {
  if (names.length <= 1) return [[...names]];
  return names.flatMap((name) => permutations(names.filter((each) => each !== name)).map((rest) => [name, ...rest]));
}
