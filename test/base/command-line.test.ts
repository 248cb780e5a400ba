// Command lines of services as any local user may see them: the program and options, without values.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hideValues } from '../../src/base/command-line.ts';

const cases: readonly [line: string, shown: string][] = [
  [
    '"C:\\Program Files\\App\\app.exe" --password=S3cret --verbose',
    '"C:\\Program Files\\App\\app.exe" --password=* --verbose',
  ],
  ['C:\\Program Files\\App\\app.exe --password S3cret', 'C:\\Program Files\\App\\app.exe --password *'],
  ['C:\\app\\mysqld.exe -uroot -pS3cret -pletmein', 'C:\\app\\mysqld.exe -u* -p* -p*'],
  ['C:\\app\\a.exe -p S3cret /P:S3cret /PS3cret', 'C:\\app\\a.exe -p * /P:* /P*'],
  ['C:\\app\\a.exe "--password=two words" -p"two words" "two words', 'C:\\app\\a.exe * -p* *'],
  ['C:\\app\\a.exe --S3cret --pass!word', 'C:\\app\\a.exe * *'],
  ['C:\\jdk\\bin\\java --url https://u:S3cret@db.example.com --key k', 'C:\\jdk\\bin\\java --url * --key *'],
  ['"C:\\app\\a.exe" Server=db;Password=S3cret;', '"C:\\app\\a.exe" *'],
  ['C:\\app\\a.exe -Ddb.password=S3cret -Xmx4g', 'C:\\app\\a.exe -D* -X*'],
  [
    'C:\\Windows\\System32\\svchost.exe -k netsvcs -p -s BITS',
    'C:\\Windows\\System32\\svchost.exe -k netsvcs -p -s BITS',
  ],
  ['C:\\app\\a.exe -k S3cret', 'C:\\app\\a.exe -k *'],
  ['', ''],
];

for (const [line, shown] of cases)
  test(`shows ${line || 'an empty line'} without values`, () => assert.equal(hideValues(line), shown));

test('shows no value of random command lines', () => {
  let seed = 1;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  const shapes = [
    '-p?',
    '--password=?',
    '--password ?',
    '/p:?',
    '/p?',
    '-p "?"',
    '"?"',
    '?',
    'a=?',
    '-D"a=?"',
    'x:?@h',
  ];
  for (let round = 0; round < 10_000; round++) {
    const secret = `zz${random(1e9).toString(36)}${['!', '', ' y', '"', '=', ':'][random(6)]}Q7`;
    const args = Array.from({ length: 1 + random(4) }, () => shapes[random(shapes.length)]!.replaceAll('?', secret));
    const program = ['"C:\\a b\\app.exe"', 'C:\\a b\\app.exe', 'app', '%ProgramFiles%\\app.exe'][random(4)];
    const line = `${program} ${args.join(' ')}`;
    assert.doesNotMatch(hideValues(line), /zz|Q7/, line);
  }
});
