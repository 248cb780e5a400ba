// The words that redaction keeps: those of this program's messages and of Windows, and no names of people or companies.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { wordsOfSource } from '../../scripts/lib/source-words.ts';
import { ERRORS } from '../../src/base/error-table.ts';
import { Scrubber } from '../../src/redaction/scrub.ts';
import { isHarmless } from '../../src/redaction/vocabulary.ts';

/** A message with a new word stays understandable; the list follows with \`npm run vocabulary\`. */
const KNOWN_SHARE = 0.95;

test('has nearly every word of the messages of this program', () => {
  const files = globSync(['src/{sources,model,base,native,service,api,exporters}/**/*.ts']);
  const words = [...new Set(files.flatMap((file) => [...wordsOfSource(readFileSync(file, 'utf8'))]))];
  const unknown = words.filter((word) => !isHarmless(word));
  assert.ok(unknown.length <= words.length * (1 - KNOWN_SHARE), `run \`npm run vocabulary\`: ${unknown.join(' ')}`);
});

test('keeps the templates of all errors', () => {
  for (const { message } of Object.values(ERRORS)) {
    const text = message.replace(/\{\w+\}/g, '7');
    assert.equal(new Scrubber().text(text), text);
  }
});

test('keeps programs by which the model finds the type of an application', () => {
  for (const image of [
    'sqlservr.exe',
    'w3wp.exe',
    'java.exe',
    'mysqld.exe',
    'redis-server.exe',
    'nginx.exe',
    'node.exe',
  ])
    assert.equal(new Scrubber().text(image), image);
});

test('has no names of people, companies and hosts', () => {
  const names = ['contoso', 'fabrikam', 'acme', 'northwind', 'smith', 'meier', 'orders', 'payroll', 'websrv', 'dc01'];
  assert.deepEqual(names.filter(isHarmless), []);
});

test('does not take a name with digits, long numbers and encoded texts for words', () => {
  const names = [
    'server01',
    'sql-prod-01',
    'a1b2',
    '1234567',
    '0xC0A80101',
    '0011.2233.4455',
    '10.1.2.3',
    '١٢٣',
    'tOiNaT',
    'x-y',
  ];
  assert.deepEqual(names.filter(isHarmless), []);
});
