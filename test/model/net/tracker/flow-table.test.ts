// The flow table, compared with a Map under random use, at its limit, and against writes from elsewhere.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import ts from 'typescript';
import { Clock } from '../../../../src/model/clock.ts';
import { createColumns } from '../../../../src/model/net/tracker/flow-columns.ts';
import { FLOW_EVENT, FLOW_STATE } from '../../../../src/model/net/tracker/flow-states.ts';
import { type EventColumns, FlowTable } from '../../../../src/model/net/tracker/flow-table.ts';
import { below, seeded } from '../../../helpers/random.ts';

const { request, connect, accept, summary, close, supersede } = FLOW_EVENT;
const LIMIT = 65_536;
/** Addresses of kernel pool memory: the low 48 bits, 16 bytes apart. */
const POOL = 0xc00f_8a00_0000;

/** The columns of a table, for tests that write what no method writes. */
function writable(table: FlowTable): [name: string, column: Float64Array][] {
  return Object.entries(table.columns) as unknown as [string, Float64Array][];
}

/** An event in row `row`, behind rows of other connections. */
function event(localPort: number, remotePort: number, address: number, row = 0, pid = 7, atMs = 500): EventColumns {
  const column = (value: number) => Array.from({ length: row + 1 }, (_, i) => (i < row ? 9 : value));
  const bytes = (value: number) =>
    Uint8Array.from({ length: 16 * (row + 1) }, (_, i) => (i < 16 * row ? 0xee : value + (i % 16)));
  return {
    localPort: column(localPort),
    remotePort: column(remotePort),
    localAddress: bytes(address),
    remoteAddress: bytes(address + 100),
    pid: column(pid),
    atMs: column(atMs),
  };
}

test('finds what a Map finds after random additions, removals and reuse of control blocks', () => {
  const random = seeded(31);
  const table = new FlowTable(new Clock());
  const numbers = new Map<number, number>();
  const detached = new Set<number>();
  const used = new Set<number>();
  for (let step = 0; step < 20_000; step++) {
    // Adjacent addresses, and addresses that differ in the upper half only.
    const tcb = POOL + below(random, 1200) * 16 + below(random, 3) * 0x1_0000_0000;
    const known = numbers.get(tcb);
    assert.equal(table.find(tcb), known ?? -1);
    if (known === undefined) {
      const number = table.add(tcb, request);
      assert.equal(used.has(number), false);
      used.add(number);
      const { pid, connectMs, sentBytes } = table.columns;
      assert.deepEqual([pid[number], connectMs[number], sentBytes[number], table.nameOf(number)], [0, -1, 0, '']);
      assert.deepEqual([table.ownersOf(number), table.destinationsOf(number)], [undefined, undefined]);
      numbers.set(tcb, number);
      table.setPid(number, 7, 7);
      table.setName(number, 'x');
      table.setOwners(number, []);
      table.setDestinations(number, []);
      table.addBytes(number, 7, 7);
    } else if (below(random, 3) > 0) {
      table.remove(known);
      used.delete(known);
      numbers.delete(tcb);
    } else {
      table.detach(known);
      numbers.delete(tcb);
      detached.add(known);
      assert.equal(table.columns.pid[known], 7);
    }
    if (detached.size > 50) {
      const [first] = detached;
      table.remove(first!);
      used.delete(first!);
      detached.delete(first!);
    }
    assert.equal(table.size, numbers.size + detached.size);
  }
  assert.ok(numbers.size > 1024);
  const all: number[] = [];
  table.each((number) => all.push(number));
  assert.deepEqual(
    all,
    [...numbers.values(), ...detached].sort((a, b) => a - b),
  );
});

test('keeps a flow without a control block, and does not find it', () => {
  const table = new FlowTable(new Clock());
  assert.notEqual(table.add(0, connect), table.add(0, connect));
  assert.deepEqual([table.find(0), table.size], [-1, 2]);
});

test('clears every column of a number before another flow gets it', () => {
  const table = new FlowTable(new Clock());
  const first = table.add(16, request);
  const fresh = new Map(writable(table).map(([name, column]) => [name, column[first]]));
  for (const [name, column] of writable(table)) column.fill(name === 'state' ? FLOW_STATE.failed : 99);
  table.remove(first);
  assert.equal(table.add(32, request), first);
  for (const [name, column] of writable(table)) assert.equal(column[first], fresh.get(name), name);
});

test('keeps the columns of every flow when it grows', () => {
  const table = new FlowTable(new Clock());
  const expected = new Map<string, number[]>();
  for (let i = 0; i < 1100; i++) {
    assert.equal(table.add(POOL + i * 16, request), i);
    const { length } = table.columns.state;
    for (const [name, column] of writable(table)) {
      const width = column.length / length;
      if (!expected.has(name)) expected.set(name, []);
      for (let k = 0; k < width; k++) {
        const value = (i * 31 + name.length + k) % 251;
        column[i * width + k] = value;
        expected.get(name)!.push(value);
      }
    }
  }
  assert.ok(expected.size > 20);
  for (const [name, column] of writable(table))
    assert.deepEqual([...column.subarray(0, expected.get(name)!.length)], expected.get(name), name);
  for (let i = 0; i < 1100; i++) assert.equal(table.find(POOL + i * 16), i);
});

test('is full at its limit and evicts closed flows first, but none that waits', () => {
  const table = new FlowTable(new Clock());
  for (let i = 0; i < LIMIT; i++) {
    assert.equal(table.isFull, false);
    table.add(POOL + i * 16, connect);
  }
  assert.equal(table.isFull, true);
  table.each((number) => {
    if (number % 60 === 59 || number % 7 === 0) table.apply(number, close);
    if (number % 60 !== 59 && number % 7 === 0) table.setWaiting(number, true);
  });
  for (let i = 0; i < 1000; i++) {
    const victim = table.victim();
    assert.deepEqual([table.columns.state[victim], table.isWaiting(victim)], [FLOW_STATE.closing, false]);
    table.remove(victim);
    assert.equal(table.isFull, false);
    table.add(POOL - 16 * (i + 1), connect);
  }
  for (let i = 0; i < 1000; i++) assert.ok(table.find(POOL - 16 * (i + 1)) >= 0);
});

test('evicts open flows in turn if none is closed', () => {
  const table = new FlowTable(new Clock());
  for (let i = 0; i < 1000; i++) table.add(POOL + i * 16, connect);
  const victims = new Set<number>();
  for (let i = 0; i < 100; i++) victims.add(table.victim());
  assert.equal(victims.size, 100);
  table.each((number) => number % 2 === 0 && table.remove(number));
  for (let i = 0; i < 100; i++) assert.equal(table.victim() % 2, 1);
});

test('takes endpoints and process of an event as far as they are known', () => {
  const table = new FlowTable(new Clock());
  const [other, number] = [table.add(16, request), table.add(32, request)];
  const address = (bytes: Uint8Array, of: number) => [...bytes.subarray(of * 16, of * 16 + 16)];
  const counting = (from: number) => Array.from({ length: 16 }, (_, i) => from + i);
  table.addMissedScan(number);
  table.touch(number, event(80, 0, 1, 2), 2);
  const { localPort, remotePort, localAddress, remoteAddress, pid, pidAtMs, atMs, missedScans } = table.columns;
  assert.deepEqual([localPort[number], remotePort[number]], [80, 0]);
  assert.deepEqual([address(localAddress, number), address(remoteAddress, number)], [counting(1), counting(0).fill(0)]);
  assert.deepEqual([pid[number], pidAtMs[number], atMs[number], missedScans[number]], [7, 500, 500, 0]);
  table.touch(number, event(0, 443, 51, 0, 0, 900), 0);
  assert.deepEqual([localPort[number], remotePort[number]], [80, 443]);
  assert.deepEqual([address(localAddress, number), address(remoteAddress, number)], [counting(1), counting(151)]);
  assert.deepEqual([pid[number], pidAtMs[number], atMs[number]], [7, 500, 900]);
  assert.deepEqual([address(localAddress, other), address(remoteAddress, other)].flat(), new Array(32).fill(0));
});

test('compares ports and the remote address as far as both are known', () => {
  const table = new FlowTable(new Clock());
  const number = table.add(16, request);
  assert.equal(table.endpointsMatch(number, event(80, 443, 1), 0), true);
  table.touch(number, event(80, 443, 1), 0);
  const cases: [localPort: number, remotePort: number, address: number, expected: boolean][] = [
    [80, 443, 1, true],
    [0, 0, 1, true],
    [80, 0, 1, true],
    [0, 443, 1, true],
    [81, 443, 1, false],
    [80, 444, 1, false],
    [0, 444, 1, false],
    [81, 0, 1, false],
    [80, 443, 2, false],
    [0, 443, 2, false],
    // Without a port the address is unknown as well.
    [80, 0, 2, true],
  ];
  for (const [localPort, remotePort, address, expected] of cases) {
    const matches = table.endpointsMatch(number, event(localPort, remotePort, address, 1), 1);
    assert.equal(matches, expected, `${localPort} ${remotePort} ${address}`);
  }
});

test('keeps the first time of a process, and takes another process with its time', () => {
  const table = new FlowTable(new Clock());
  const number = table.add(16, request);
  const { pid, pidAtMs } = table.columns;
  assert.equal(table.learnPid(number, 0, 100), false);
  assert.equal(table.learnPid(number, 7, 200), true);
  assert.equal(table.learnPid(number, 8, 300), false);
  table.touch(number, event(80, 443, 1, 0, 7, 400), 0);
  assert.deepEqual([pid[number], pidAtMs[number]], [7, 200]);
  table.touch(number, event(80, 443, 1, 0, 9, 500), 0);
  assert.deepEqual([pid[number], pidAtMs[number]], [9, 500]);
});

test('refuses an event of another flow and keeps the state', () => {
  const table = new FlowTable(new Clock());
  const number = table.add(16, connect);
  for (const other of [request, connect, accept]) {
    assert.equal(table.apply(number, other), false);
    assert.equal(table.columns.state[number], FLOW_STATE.established);
  }
  assert.equal(table.apply(number, summary), true);
  assert.equal(table.isFinal(number), false);
  assert.equal(table.apply(number, supersede), true);
  assert.equal(table.isFinal(number), true);
});

/** Assignments to an element of a column, and calls that write a whole column, outside of the flow table. */
function columnWrites(file: string, text: string, columns: ReadonlySet<string>): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const isColumn = (node: ts.Expression): boolean => {
    if (ts.isNonNullExpression(node) || ts.isParenthesizedExpression(node)) return isColumn(node.expression);
    if (ts.isPropertyAccessExpression(node)) return columns.has(node.name.text);
    return ts.isIdentifier(node) && columns.has(node.text);
  };
  const isElement = (node: ts.Expression): boolean =>
    ts.isNonNullExpression(node)
      ? isElement(node.expression)
      : ts.isElementAccessExpression(node) && isColumn(node.expression);
  const visit = (node: ts.Node): void => {
    const isAssignment =
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
      node.operatorToken.kind <= ts.SyntaxKind.LastAssignment;
    const isStep =
      (ts.isPostfixUnaryExpression(node) || ts.isPrefixUnaryExpression(node)) &&
      (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken);
    const isCall =
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      /^(set|fill|copyWithin|sort|reverse)$/.test(node.expression.name.text) &&
      isColumn(node.expression.expression);
    if ((isAssignment && isElement(node.left)) || (isStep && isElement(node.operand)) || isCall) {
      found.push(`${file}: ${node.getText(source)}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const columns = new Set(Object.keys(createColumns(1)));

test('no other file of the model writes a column of the flow table', () => {
  const files = globSync('src/model/net/**/*.ts').map((file) => file.replaceAll('\\', '/'));
  const writers = files.filter((file) => columnWrites(file, readFileSync(file, 'utf8'), columns).length > 0);
  assert.deepEqual(writers, ['src/model/net/tracker/flow-table.ts']);
});

test('the search for writes finds each way to write a column', () => {
  const writes = [
    'flows.columns.state[n] = 1',
    'pid[n]! += 1',
    'columns.sentBytes[n]!++',
    '--rttUs[n]',
    'listed.fill(0)',
  ];
  for (const write of writes) assert.equal(columnWrites('a.ts', `${write};`, columns).length, 1, write);
  const reads = ['destination.sentBytes += sentBytes[n]!', 'x = state[n] === 1', 'localPort[n]!', 'other[n] = pid[n]!'];
  for (const read of reads) assert.deepEqual(columnWrites('a.ts', `${read};`, columns), [], read);
});
