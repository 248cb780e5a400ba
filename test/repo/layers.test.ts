// Every source follows the table of layers, and the check finds violations.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { importsOf, layerViolations } from '../helpers/layers.ts';

const files = globSync(['src/**/*.ts', 'cli/**/*.ts']).map((file) => file.replaceAll('\\', '/'));

test('every import in src and cli is allowed', () => {
  assert.ok(files.length > 50, `only ${files.length} files`);
  assert.deepEqual(
    files.flatMap((file) => layerViolations(file, readFileSync(file, 'utf8'))),
    [],
  );
});

test('no product file imports tests or scripts', () => {
  const outside = files.flatMap((file) =>
    importsOf(file, readFileSync(file, 'utf8')).map(({ specifier }) => `${file} ${specifier}`),
  );
  assert.deepEqual(
    outside.filter((each) => /\.\.\/(test|scripts)\//.test(each)),
    [],
  );
});

const refused: [file: string, source: string, why: RegExp][] = [
  ['src/base/a.ts', "import { x } from '../model/node.ts';", /base\/ may not import src\/model\/node\.ts/],
  ['src/base/a.ts', "import type { x } from '../model/node.ts';", /may not import/],
  ['src/base/a.ts', "import pretty from 'pino-pretty';", /may not use the package pino-pretty/],
  ['src/native/a.ts', "import { x } from '../sources/services.ts';", /may not import/],
  ['src/sources/a.ts', "import koffi from 'koffi';", /may not use the package koffi/],
  ['src/sources/a.ts', "export { x } from '../model/node.ts';", /may not import/],
  ['src/sources/host.ts', "import type { x } from './unavailable.ts';", /may not import/],
  ['src/sources/host.ts', "import type { x } from '../base/ip.ts';", /may not import/],
  ['src/sources/host.ts', "import { x } from './records/kinds.ts';", /types of/],
  ['src/sources/records/a.ts', "import { x } from '../unavailable.ts';", /may not import/],
  ['src/sources/records/a.ts', "import { x } from 'node:os';", /pure/],
  ['src/sources/host.ts', "import { x } from 'node:os';", /pure/],
  ['src/model/node.ts', "import { TAPE_SCHEMA } from '../sources/host.ts';", /types of src\/sources\/host\.ts only/],
  [
    'src/model/node.ts',
    "import { type A, TAPE_SCHEMA } from '../sources/host.ts';",
    /types of src\/sources\/host\.ts only/,
  ],
  ['src/model/node.ts', "import '../sources/host.ts';", /types of/],
  ['src/model/node.ts', "import * as host from '../sources/host.ts';", /types of/],
  ['src/model/node.ts', "export * from '../sources/host.ts';", /types of/],
  ['src/model/node.ts', "import type { x } from '../sources/services.ts';", /may not import/],
  ['src/model/node.ts', "import { hostname } from 'node:os';", /pure/],
  ['src/model/containers/a.ts', "import { catalogue } from '../../collectors/catalogue.ts';", /may not import/],
  ['src/model/node.ts', "const x = await import('../native/ntdll.ts');", /may not import/],
  ['src/model/node.ts', "const x = await import('../native/' + name);", /computed/],
  ['src/model/node.ts', "let x: import('../native/ntdll.ts').T;", /may not import/],
  [
    'src/model/owner/a.ts',
    "import { x } from '../processes/birth.ts';",
    /owner\/ may not import src\/model\/processes\/birth\.ts/,
  ],
  ['src/model/processes/a.ts', "import type { x } from '../containers/container.ts';", /processes\/ may not import/],
  ['src/model/dns/a.ts', "import type { x } from '../net/connections.ts';", /dns\/ may not import/],
  ['src/model/net/tracker/a.ts', "import { x } from '../../containers/usage.ts';", /net\/ may not import/],
  ['src/model/containers/a.ts', "import { x } from '../host-model.ts';", /containers\/ may not import/],
  ['src/model/net/a.ts', "import { x } from '../parts/part.ts';", /net\/ may not import/],
  ['src/model/elsewhere/a.ts', "import { x } from '../owner/owner.ts';", /no place in the order/],
  ['src/collectors/a.ts', "import { Registry } from 'prom-client';", /prom-client/],
  ['src/exporters/a.ts', "import { catalogue } from '../collectors/catalogue.ts';", /types of/],
  ['src/exporters/a.ts', "import type { x } from '../collectors/pass.ts';", /may not import/],
  ['src/exporters/a.ts', "import type { x } from '../model/node.ts';", /may not import/],
  ['src/api/a.ts', "import { PassRunner } from '../collectors/pass.ts';", /types of/],
  ['src/api/a.ts', "import { x } from '../settings/index.ts';", /types of/],
  ['src/api/a.ts', "import type { x } from '../sources/services.ts';", /may not import/],
  ['src/api/routes/a.ts', "import { x } from '../../agent.ts';", /may not import/],
  ['src/service/a.ts', "import { x } from '../model/node.ts';", /may not import/],
  ['src/settings/a.ts', "import { x } from '../agent.ts';", /may not import/],
  ['src/agent.ts', "import Fastify from 'fastify';", /may not use the package fastify/],
  ['src/agent.ts', "import { x } from '../cli/output.ts';", /may not import/],
  ['cli/a.ts', "import { x } from '../src/model/node.ts';", /may not import/],
  ['cli/a.ts', "import { statusSchema } from '../src/api/resources/status.ts';", /types of/],
  ['cli/commands/a.ts', "import { x } from '../../src/host-for.ts';", /may not import/],
  ['cli/a.ts', "const x = require('lodash');", /lodash/],
  ['elsewhere/a.ts', '', /no layer/],
];

test('finds each kind of violation with its line', () => {
  for (const [file, source, why] of refused) {
    const violations = layerViolations(file, `// A comment.\n${source}\n`);
    assert.equal(violations.length, 1, `${file}: ${source}`);
    assert.match(violations[0]!, why, source);
    if (file.startsWith('src')) assert.match(violations[0]!, /:2: /);
  }
});

const allowed: [file: string, source: string][] = [
  ['src/sources/records/a.ts', "import { keep } from '../../redaction/rules.ts'; import { text } from './field.ts';"],
  ['src/base/log.ts', "import pino from 'pino'; const p = await import('pino-pretty'); import { x } from './ip.ts';"],
  [
    'src/sources/tape/a.ts',
    "import { TAPE_SCHEMA } from '../host.ts'; import { x } from '../../native/ntdll.ts'; import d from 'dockerode';",
  ],
  [
    'src/model/node.ts',
    "import type { A } from '../sources/host.ts'; import { type B, type C } from '../sources/host.ts'; " +
      "import { x } from './disks.ts';",
  ],
  ['src/model/node.ts', "export type { A } from '../sources/host.ts'; let x: import('../sources/host.ts').A;"],
  [
    'src/exporters/a.ts',
    "import { x } from '@opentelemetry/sdk-logs/build'; import type { y } from '../logs/record.ts';",
  ],
  [
    'src/api/app.ts',
    "import cors from '@fastify/cors'; import type { x } from '../collectors/pass.ts'; " +
      "import { y } from '../model/containers/services.ts';",
  ],
  [
    'src/model/containers/a.ts',
    "import { x } from '../owner/owner.ts'; import { y } from './exit.ts'; import { z } from '../net/attribution.ts';",
  ],
  ['src/model/net/a.ts', "import { x } from '../dns/name-cache.ts'; import type { y } from '../processes/birth.ts';"],
  ['src/agent.ts', "import { x } from './host-for.ts'; import { y } from './sources/tape/replay.ts';"],
  [
    'cli/commands/a.ts',
    "import { Command } from 'commander'; import { x } from '../output.ts'; " +
      "import type { y } from '../../src/api/resources/status.ts';",
  ],
  [
    'src/model/node.ts',
    "// import { x } from '../native/ntdll.ts'\nconst text = \"import { x } from '../native/ntdll.ts'\";",
  ],
];

test('accepts what the table allows', () => {
  for (const [file, source] of allowed) assert.deepEqual(layerViolations(file, source), [], source);
});
