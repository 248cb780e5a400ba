// Runs the Pester tests on the pinned PowerShell, with each pinned Pester, against the real engine on the demo tape.
import { startAgent } from '../../test/helpers/agent-process.ts';
import { runCommand } from './command.ts';
import { whyNoDotnet } from './dotnet.ts';
import { type Counts, noCounts } from './node-tests.ts';
import { installPester, installPowerShell, type Pester } from './powershell.ts';

/** The Pester suite without the analyzer, once with each Pester; one skipped test where no .NET SDK is found. */
export async function powershellTests(): Promise<Counts> {
  const reason = await whyNoDotnet();
  if (reason) return skipped(`the Pester suite: ${reason}`);
  const pwsh = await installPowerShell();
  const total = noCounts();
  const agent = await startAgent('docs/demo/shop.tape.gz');
  try {
    for (const pester of await installPester()) {
      console.log(`\nPester ${pester.version}`);
      const env = { COROOT_TEST_ADDRESS: agent.address, COROOT_TEST_NODE: process.execPath, NO_COLOR: '1' };
      const counts = await runPester(pwsh, pester, ['-ExcludeTag', 'Analyzer'], env);
      total.passed += counts.passed;
      total.failed += counts.failed;
      total.skipped += counts.skipped;
      total.left.push(...counts.left);
      total.details.push(`Pester ${pester.version}: ${counts.passed} passed, ${counts.failed} failed`);
    }
  } finally {
    agent.child.kill('SIGTERM');
    await agent.ended;
  }
  return total;
}

/** PSScriptAnalyzer on the module; one skipped test where PSModulePath does not have it. */
export async function analyzerTests(): Promise<Counts> {
  const reason = await whyNoDotnet();
  if (reason) return skipped(`PSScriptAnalyzer: ${reason}`);
  const pwsh = await installPowerShell();
  const probe = [
    '-NoProfile',
    '-NonInteractive',
    '-Command',
    'exit @(Get-Module PSScriptAnalyzer -ListAvailable).Count',
  ];
  if ((await runCommand(pwsh, probe, { quiet: true })).code === 0)
    return skipped('PSScriptAnalyzer: no folder of PSModulePath has it.');
  const [newest] = await installPester();
  return runPester(pwsh, newest!, ['-Tag', 'Analyzer'], { NO_COLOR: '1' });
}

function skipped(reason: string): Counts {
  return { ...noCounts(), skipped: 1, left: [reason] };
}

async function runPester(
  pwsh: string,
  pester: Pester,
  selection: readonly string[],
  env: Record<string, string>,
): Promise<Counts> {
  const script = ['-NoProfile', '-NonInteractive', '-File', 'Pester/Run.ps1', '-PesterPath', pester.manifest];
  const { code, output } = await runCommand(pwsh, [...script, ...selection], { quiet: true, env });
  console.log(output);
  return countsOf(code, output, pester.version);
}

/** The counts in the last line of the output; a run without a passed test counts as a failure. */
export function countsOf(code: number, output: string, version: string): Counts {
  const last = output.trim().split(/\r?\n/).at(-1) ?? '';
  let counts: { passed: number; failed: number; skipped: number };
  try {
    counts = JSON.parse(last);
  } catch {
    return { ...noCounts(), failed: 1 };
  }
  const { passed, failed, skipped } = counts;
  if (code !== 0 || passed === 0) return { ...noCounts(), passed, failed: Math.max(failed, 1), skipped };
  const left = skipped > 0 ? [`${skipped} tests skipped by Pester ${version}; its output names them`] : [];
  return { ...noCounts(), passed, failed, skipped, left };
}
