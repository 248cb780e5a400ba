// The file NOTICE of the product: the licence texts of the packages of others in it.
import spdx from 'spdx-license-list/full.js';
import type { BundledPackage } from './bundled-packages.ts';

/** Licences that allow the distribution of a package within a product under Apache-2.0. */
const allowedLicenses = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT']);

/** The lines of a text of the SPDX list that name the first holder, or leave a gap for the holder. */
const copyrightLines = /^Copyright .*(?:\nCopyright .*)*$/m;

const ruler = '-'.repeat(80);

/**
 * The text of NOTICE: one section for each package, with its licence files, or with the SPDX text of its licence if it
 * contains none. Throws for a licence that is not allowed.
 */
export function noticeText(product: string, packages: readonly BundledPackage[]): string {
  const head =
    `${product}\nLicensed under the Apache License, Version 2.0.\n\n` +
    `This product contains the following packages.\n`;
  return `${head}${packages.map((found) => `\n${ruler}\n${section(found)}\n`).join('')}`;
}

function section(found: BundledPackage): string {
  const { name, version, license, licenseTexts } = found;
  if (!allowedLicenses.has(license))
    throw new Error(
      `${name} ${version} has the licence ${license}, which is not in the list of allowed licences. ` +
        'Replace the package, or add the licence to scripts/lib/notice.ts if it allows the distribution.',
    );
  const texts = licenseTexts.length > 0 ? licenseTexts : [standardText(found)];
  return `${name} ${version} (${license})\n\n${texts.join('\n\n')}`;
}

/** The text of the SPDX list, with the author of the package as the holder of the copyright. */
function standardText({ name, license, author }: BundledPackage): string {
  const entry = spdx[license];
  if (entry === undefined) throw new Error(`the SPDX list has no licence ${license}, which ${name} states`);
  const holder = `Copyright (c) ${author === '' ? `the authors of ${name}` : author}`;
  return entry.licenseText.replace(copyrightLines, holder).trim();
}
