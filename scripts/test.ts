// `npm test`: runs every stage that this machine allows and lists what it skipped; with CI=true only the analyzer may
// be skipped.
import { spawnSync } from 'node:child_process';
import { auditChecks } from './lib/audit-checks.ts';
import { checks, runCheck } from './lib/checks.ts';
import { inCi } from './lib/folders.ts';
import { type Counts, noCounts, runNodeTests } from './lib/node-tests.ts';
import { analyzerTests, powershellTests } from './lib/powershell-tests.ts';

const windowsTests = 'test/windows/**/*.test.ts';

const stages: Record<string, () => Promise<Counts>> = {
  check: async () => count(checks(false).map(runCheck)),
  build: async () => count([spawnSync(process.execPath, ['scripts/build.ts'], { stdio: 'inherit' }).status === 0]),
  audit: auditChecks,
  unit: () => runNodeTests(['test/**/*.test.ts'], [windowsTests], 2),
  windows: () => runNodeTests([windowsTests], [], 1),
  powershell: powershellTests,
  analyzer: analyzerTests,
};
/** Stages that CI may skip: PSScriptAnalyzer is in no registry that CI can use. */
const maySkip = new Set(['analyzer']);

function count(results: boolean[]): Counts {
  return { ...noCounts(), passed: results.filter(Boolean).length, failed: results.filter((ok) => !ok).length };
}

const only = process.argv[2];
if (only !== undefined && !(only in stages)) {
  console.error(`There is no test stage ${only}; there are ${Object.keys(stages).join(', ')}.`);
  process.exit(2);
}
// Later stages run the bundle.
const wanted = only === undefined ? Object.keys(stages) : only === 'check' ? ['check'] : [...new Set(['build', only])];

const total = noCounts();
for (const stage of wanted) {
  console.log(`\n== ${stage}`);
  const counts = await stages[stage]!();
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
  total.left.push(...counts.left.map((text) => `${stage}: ${text}`));
  total.details.push(...counts.details);
  if (inCi && counts.skipped > 0 && !maySkip.has(stage)) {
    console.error(`In CI nothing of "${stage}" may be skipped.`);
    total.failed += counts.skipped;
    total.skipped -= counts.skipped;
  }
}

if (total.left.length > 0) console.log(`\nSkipped:\n${total.left.map((text) => `  ${text}`).join('\n')}`);
const details = total.details.length > 0 ? ` (of these ${total.details.join('; ')})` : '';
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped${details}`);
process.exitCode = total.failed === 0 ? 0 : 1;
