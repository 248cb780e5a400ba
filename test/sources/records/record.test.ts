// Tables of fields: the record type, its JSON and its redaction come from one description.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Scrubber } from '../../../src/redaction/scrub.ts';
import { addresses, optionalColumn, table, tableWithHead, texts, u32s } from '../../../src/sources/records/columns.ts';
import { account, FieldError, hostname, oneOf, text, textBy, u8 } from '../../../src/sources/records/field.ts';
import { dictionary, list, optional, record, type ValueOf } from '../../../src/sources/records/record.ts';

const person = record({
  name: text,
  kind: oneOf('user', 'host'),
  login: optional(account),
  sizes: list(u8, 3),
});
type Person = ValueOf<typeof person>;
const ann: Person = { name: 'of CORP\\ann', kind: 'user', login: 'CORP\\ann', sizes: [1, 2] };

test('a record is read and written field by field, without unknown fields', () => {
  assert.deepEqual(person.decode({ ...ann, later: 1 }, 'data'), ann);
  assert.deepEqual(person.encode(ann, 'data'), ann);
  const { login: _, ...anonymous } = ann;
  assert.deepEqual(person.decode(anonymous, 'data'), anonymous);
});

test('an invalid field is refused with its path, when read and when written', () => {
  const cases: [object, RegExp][] = [
    [{ ...ann, name: 1 }, /^data\.name is not a text/],
    [{ ...ann, kind: 'x' }, /^data\.kind is not user or host$/],
    [{ ...ann, login: null }, /^data\.login is not a text/],
    [{ ...ann, sizes: [1, 256] }, /^data\.sizes\[1\] is not a whole number from 0 to 255$/],
    [{ ...ann, sizes: [1, 2, 3, 4] }, /^data\.sizes is not a list of at most 3 entries$/],
    [{ kind: 'user', sizes: [] }, /^data\.name is not/],
  ];
  for (const [value, message] of cases) {
    assert.throws(() => person.decode(value, 'data'), { name: 'FieldError', message });
    assert.throws(() => person.encode(value as Person, 'data'), { name: 'FieldError', message });
  }
  assert.throws(() => person.decode([], 'data'), FieldError);
});

test('redaction replaces names that another field revealed, and removes unknown fields', () => {
  const scrubber = new Scrubber();
  person.collectNames!(ann, scrubber);
  const redacted = person.redact({ ...ann, later: 'ann' } as Person, scrubber);
  assert.deepEqual(redacted, { name: 'of domain-1\\user-1', kind: 'user', login: 'domain-1\\user-1', sizes: [1, 2] });
});

test('names are collected through lists, optional fields and columns', () => {
  const scrubber = new Scrubber();
  const nested = record({ people: list(person), host: optional(hostname), size: u8 });
  nested.collectNames!({ people: [ann], size: 1 }, scrubber);
  nested.collectNames!({ people: [], host: 'db1.example', size: 1 }, scrubber);
  assert.equal(scrubber.text('ann on db1.example'), 'user-1 on host-1');
  assert.equal(record({ size: u8, name: text }).collectNames, undefined);
});

test('a dictionary redacts its names and its values', () => {
  const scrubber = new Scrubber();
  scrubber.addHost('db1');
  assert.deepEqual(dictionary(text).redact({ 'at db1': 'db1' }, scrubber), { 'at host-1': 'host-1' });
  assert.deepEqual(dictionary(textBy((value) => value)).redact({ 'at db1': 'db1' }, scrubber), { 'at host-1': 'db1' });
});

test('a table redacts its columns and keeps absent columns absent', () => {
  const scrubber = new Scrubber();
  scrubber.addHost('db1');
  const rows = table({ pid: u32s, name: texts, note: optionalColumn(texts), address: addresses(4) });
  const value = {
    count: 2,
    pid: Uint32Array.of(1, 2),
    name: ['a', 'on db1'],
    address: Uint8Array.of(8, 8, 8, 8, 127, 0, 0, 1),
  };
  const redacted = rows.redact(value, scrubber);
  assert.deepEqual(Object.keys(redacted).sort(), ['address', 'count', 'name', 'pid']);
  assert.deepEqual([redacted.count, redacted.pid, redacted.name], [2, value.pid, ['a', 'on host-1']]);
  assert.notDeepEqual(redacted.address.subarray(0, 4), value.address.subarray(0, 4));
  assert.deepEqual(redacted.address.subarray(4), value.address.subarray(4));
  assert.deepEqual(rows.decode(rows.encode(value, 'data'), 'data'), value);
});

test('columns may depend on the fields of the table', () => {
  const rows = tableWithHead({ family: oneOf(4, 6) }, ({ family }) => ({ address: addresses(family === 4 ? 4 : 16) }));
  const decode = (family: number, bytes: number) =>
    rows.decode({ family, count: 1, address: Buffer.alloc(bytes).toString('base64') }, 'data');
  assert.equal(decode(4, 4).address.length, 4);
  assert.equal(decode(6, 16).address.length, 16);
  assert.throws(() => decode(6, 4), { message: 'data.address is not base64 of 16 bytes' });
});

test('the inferred types are as strict as the fields', () => {
  const check = (value: Person): void => {
    // @ts-expect-error: fields are readonly.
    value.name = '';
    // @ts-expect-error: lists are readonly.
    value.sizes.push(1);
  };
  assert.equal(typeof check, 'function');
  // @ts-expect-error: a required field is missing.
  const without: Person = { name: '', kind: 'user' };
  // @ts-expect-error: an optional field may be absent, but not undefined.
  const undef: Person = { ...ann, login: undefined };
  // @ts-expect-error: a word that is not in the union.
  const word: Person = { ...ann, kind: 'group' };
  // @ts-expect-error: a field without redaction.
  const bare = record({ name: { decode: String, encode: String } });
  assert.ok(without && undef && word && bare);
});
