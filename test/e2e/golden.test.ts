// Compares exposition and API of every host with golden files, which `npm run golden` rewrites.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { decodeTape, openTape, type Tape } from '../../src/sources/tape/read-tape.ts';
import { type Answers, play } from '../helpers/golden.ts';
import { hosts } from '../helpers/hosts/index.ts';
import { tapeOf } from '../helpers/hosts/scenario.ts';

const folder = 'test/fixtures/golden';

/** Opens the tape of each golden. */
const tapes: readonly (readonly [name: string, open: () => Promise<Tape>])[] = [
  ['shop', () => openTape('docs/demo/shop.tape.gz')],
  ...hosts.map((host) => [host.name, async () => decodeTape(Readable.from([await tapeOf(host)]), host.name)] as const),
];

for (const [name, open] of tapes) {
  test(`${name}: exposition and API are equal to the golden files`, async () => {
    await using tape = await open();
    const { files }: Answers = await play(tape);
    for (const [part, text] of Object.entries(files)) {
      const golden = `${folder}/${name}.${part}`;
      if (process.env.COROOT_UPDATE_GOLDEN) {
        mkdirSync(folder, { recursive: true });
        writeFileSync(golden, text);
      }
      assert.equal(text, readFileSync(golden, 'utf8'), `${golden}; npm run golden rewrites it`);
    }
  });
}
