// The Pester tests on a real PowerShell, against the real engine on the demo tape.
import { startAgent } from '../../test/helpers/agent-process.ts';
import { runCommand } from './command.ts';
import type { Counts } from './node-tests.ts';
import { findPowerShell } from './powershell.ts';

/** Counts as one skipped test where no PowerShell can be had. */
export async function powershellTests(): Promise<Counts> {
  const found = await findPowerShell();
  if ('missing' in found) return { passed: 0, failed: 0, skipped: 1, left: [`all of it: ${found.missing}`] };
  const agent = await startAgent('docs/demo/shop.tape.gz');
  try {
    const { code, output } = await runCommand(
      found.pwsh,
      ['-NoProfile', '-NonInteractive', '-File', 'Pester/Run.ps1'],
      {
        quiet: true,
        env: { COROOT_TEST_ADDRESS: agent.address, COROOT_TEST_NODE: process.execPath, NO_COLOR: '1' },
      },
    );
    console.log(output);
    return countsOf(code, output);
  } finally {
    agent.child.kill('SIGTERM');
    await agent.ended;
  }
}

function countsOf(code: number, output: string): Counts {
  const last = output.trim().split(/\r?\n/).at(-1) ?? '';
  try {
    const { passed, failed, skipped } = JSON.parse(last) as { passed: number; failed: number; skipped: number };
    // A run in which nothing ran has shown nothing.
    if (code !== 0 || passed === 0) return { passed, failed: Math.max(failed, 1), skipped, left: [] };
    return {
      passed,
      failed,
      skipped,
      left: skipped > 0 ? [`${skipped} tests skipped by Pester; its output names them`] : [],
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0, left: [] };
  }
}
