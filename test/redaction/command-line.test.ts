// Command lines: the program and the names of known options stay, values and everything that may be one do not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Scrubber } from '../../src/redaction/scrub.ts';

const cases: readonly [line: string, redacted: string][] = [
  ['"C:\\app\\java.exe" -pzzPw3 -PzzPw4 -p -v', '"C:\\app\\java.exe" * * -p -v'],
  ['C:\\app\\mysqld.exe -uroot -pS3cr3tzzPw14', 'C:\\app\\mysqld.exe * *'],
  ['C:\\jdk\\bin\\java --endpoint https://u:zzPw9@a.zzdot.com --key k', 'C:\\jdk\\bin\\java --endpoint * --key *'],
  ['"C:\\app\\java.exe" --password=zz --zzsecret=1 /key:zz /s', '"C:\\app\\java.exe" --password=* * /key:* /s'],
  ['"C:\\app\\java.exe" "--password=two words" -p"S3 x" "unclosed zz', '"C:\\app\\java.exe" * * *'],
  ['"C:\\app\\java.exe" -Dzz.key=zz -XX:MaxRAM=1 -Xmx512m', '"C:\\app\\java.exe" * * *'],
  [
    'C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s zzname',
    'C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s *',
  ],
  ['C:\\Windows\\system32\\svchost.exe -k zzgroup', 'C:\\Windows\\system32\\svchost.exe -k *'],
  ['C:\\app\\java.exe -k netsvcs', 'C:\\app\\java.exe -k *'],
  ['C:\\Program Files\\data\\java.exe zz', 'C:\\Program Files\\data\\java.exe *'],
  ['C:\\app\\java -x C:\\zz.exe', 'C:\\app\\java -x *'],
  ['java zzsecret.exe', 'java *'],
  ['java zz.com', 'java *'],
  ['\\\\zzfiles\\share\\java.exe zz', '\\\\host-1\\share\\java.exe *'],
  ['%ProgramFiles%\\data\\java.exe -zz=zz', '%ProgramFiles%\\data\\java.exe *'],
  ['C:\\app\\zztool.exe', 'C:\\app\\name-1.exe'],
  ['"C:\\Users\\zzann\\tool.exe', '"C:\\Users\\user-1\\tool.exe"'],
  ['', ''],
];

for (const [line, redacted] of cases)
  test(`redacts ${JSON.stringify(line)}`, () => assert.equal(new Scrubber().commandLine(line), redacted));
