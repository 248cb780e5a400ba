// The check for known vulnerabilities in the packages of the product, its tools and the toolchain.
import { join } from 'node:path';
import { projectRoot } from './folders.ts';
import { type Counts, noCounts } from './node-tests.ts';
import { audit, isFailing } from './vulnerabilities.ts';

/** Folders with a lock file, relative to the project. */
const lockFolders = ['.', join('scripts', 'toolchain')];

/**
 * Prints the advisories for each lock file. A lock file with one of high or critical severity counts as failed; without
 * an answer of the registry it counts as nothing, and a detail states that it was not checked.
 */
export async function auditChecks(): Promise<Counts> {
  const counts = noCounts();
  for (const folder of lockFolders) {
    const lock = join(folder, 'package-lock.json');
    const result = await audit(join(projectRoot, folder));
    if ('unavailable' in result) {
      console.log(`${lock}: not checked, the registry gives no advisories (${result.unavailable})`);
      counts.details.push(`${lock} not checked for known vulnerabilities`);
      continue;
    }
    const { vulnerabilities } = result;
    console.log(`${lock}: ${vulnerabilities.length} known vulnerabilities`);
    for (const { package: name, severity, title, url } of vulnerabilities)
      console.log(`  ${severity}: ${name}: ${title} ${url}`);
    if (vulnerabilities.some(isFailing)) counts.failed++;
    else counts.passed++;
  }
  return counts;
}
