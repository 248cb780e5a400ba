// NOTICE and the bill of materials name every package in the bundle.
import assert from 'node:assert/strict';
import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Validation } from '@cyclonedx/cyclonedx-library';
import { Version } from '@cyclonedx/cyclonedx-library/Spec';
import type { BundledPackage } from '../../scripts/lib/bundled-packages.ts';
import { noticeText } from '../../scripts/lib/notice.ts';
import { wasmCrates } from '../../scripts/lib/wasm-crates.ts';

interface Component {
  name: string;
  version: string;
  licenses?: unknown;
  hashes: { alg: string; content: string }[];
}

const notice = readFileSync('dist/NOTICE', 'utf8');
const bomText = readFileSync('dist/sbom.cdx.json', 'utf8');
const components = (JSON.parse(bomText) as { components: Component[] }).components;
/** Folders of the packages that the source maps of the bundle name. */
const folders = new Set(
  globSync('dist/*.js.map').flatMap((file) =>
    (JSON.parse(readFileSync(file, 'utf8')) as { sources: string[] }).sources.flatMap(
      (source) =>
        /node_modules\/.*node_modules\/(?:@[^/]+\/)?[^/]+|node_modules\/(?:@[^/]+\/)?[^/]+/.exec(source) ?? [],
    ),
  ),
);
// The map of fast-copy names its sources by a wrong relative path.
folders.delete('node_modules/src');

function manifestOf(folder: string): { name: string; version: string } {
  return JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { name: string; version: string };
}

test('NOTICE has the licence texts of every package that the source maps name', () => {
  assert.ok(folders.size > 50, `the source maps name ${folders.size} packages`);
  for (const folder of [...folders, 'node_modules/koffi']) {
    const { name, version } = manifestOf(folder);
    assert.ok(notice.includes(`\n${name} ${version} (`), `${name} ${version} is not in NOTICE`);
    for (const file of readdirSync(folder).filter((entry) => /^licen[cs]e/i.test(entry)))
      assert.ok(notice.includes(readFileSync(`${folder}/${file}`, 'utf8').trim()), `${folder}/${file}`);
  }
});

test('the bill of materials has every package that the source maps name, with its hash', () => {
  const listed = new Map(components.map((component) => [`${component.name}@${component.version}`, component]));
  for (const folder of [...folders, 'node_modules/koffi']) {
    const { name, version } = manifestOf(folder);
    const hash = listed.get(`${name}@${version}`)?.hashes[0];
    assert.equal(hash?.alg, 'SHA-512', `${name} ${version}`);
    assert.match(hash?.content ?? '', /^[0-9a-f]{128}$/);
  }
  const binaries = components.map(({ name }) => name).filter((name) => name.startsWith('@koromix/'));
  assert.deepEqual(binaries.sort(), ['@koromix/koffi-win32-arm64', '@koromix/koffi-win32-x64']);
});

test('NOTICE and the bill of materials have the crates in the WebAssembly module of snappy', () => {
  for (const [name, version, license] of [
    ['rust', '1.64.0', 'MIT'],
    ['snap', '1.0.5', 'BSD-3-Clause'],
    ['wasm-bindgen', '0.2.83', 'MIT'],
  ] as const) {
    assert.ok(notice.includes(`\n${name} ${version} (${license})\n`), `${name} ${version} is not in NOTICE`);
    const component = components.find((each) => each.name === name);
    assert.equal(component?.version, version);
    assert.deepEqual(component.licenses, [{ license: { id: license } }]);
  }
  assert.match(notice, /2011, The Snappy-Rust Authors\. All rights reserved\.\n\nRedistribution and use in source and/);
});

test('a crate whose licence is not known fails the build', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'coroot-agent-crates-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const module = join(folder, 'other.wasm');
  writeFileSync(module, '\0asm\0/registry/src/snap-1.0.6/src/raw.rs\0/registry/src/lz4-flex-0.11.3/src/block.rs\0');
  assert.throws(
    () => wasmCrates(module),
    /other\.wasm contains the crate lz4-flex 0\.11\.3, whose licence is not known/,
  );
});

test('the bill of materials has no development tool and names no registry', () => {
  const names = components.map(({ name }) => name);
  for (const tool of ['esbuild', 'typescript', '@biomejs/biome']) assert.ok(!names.includes(tool), tool);
  assert.doesNotMatch(bomText, /registry|resolved|"type": "distribution"/);
});

test('the bill of materials follows the schema of CycloneDX', async () => {
  const validator = new Validation.JsonStrictValidator(Version.v1dot5);
  assert.equal(await validator.validate(bomText), null);
});

const example: BundledPackage = {
  name: 'example',
  version: '1.0.0',
  license: 'MIT',
  author: 'A. Author',
  licenseTexts: [],
};

test('a package without a licence file gets the SPDX text with its author', () => {
  const text = noticeText('product 1', [example]);
  assert.match(text, /^example 1\.0\.0 \(MIT\)\n\nMIT License\n\nCopyright \(c\) A\. Author\n\nPermission is hereby/m);
  assert.match(noticeText('product 1', [{ ...example, author: '' }]), /Copyright \(c\) the authors of example\n/);
});

test('a licence that is not in the list fails the build', () => {
  assert.throws(
    () => noticeText('product 1', [{ ...example, license: 'GPL-3.0-only' }]),
    /example 1\.0\.0 has the licence/,
  );
});

test('the release contains NOTICE and the bill of materials', () => {
  const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { files: string[] };
  assert.ok(files.includes('dist') && existsSync('dist/NOTICE') && existsSync('dist/sbom.cdx.json'));
});
