// Finds a PowerShell 7 with Pester, or tries the public ways of a user's machine to get them.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import { progress, toolsDir } from './folders.ts';

const MIN_PESTER = '5.7';

export type PowerShell = { readonly pwsh: string } | { readonly missing: string };

/** Looks at COROOT_TEST_PWSH, PATH and the tools folder, then tries to install; `missing` says what was tried and what to do. */
export async function findPowerShell(): Promise<PowerShell> {
  const tool = join(toolsDir, 'pwsh', process.platform === 'win32' ? 'pwsh.exe' : 'pwsh');
  const given = [process.env.COROOT_TEST_PWSH, 'pwsh', tool].filter((name) => name !== undefined && name !== '');
  for (const pwsh of given) if (await answers(pwsh!, '1')) return withPester(pwsh!);
  progress('No PowerShell 7 here: trying "dotnet tool install PowerShell" ...');
  const { code } = await runCommand(
    'dotnet',
    ['tool', 'install', 'PowerShell', '--tool-path', join(toolsDir, 'pwsh')],
    { quiet: true },
  );
  if (code === 0 && existsSync(tool)) return withPester(tool);
  return {
    missing: `there is no PowerShell 7 (pwsh) on PATH, COROOT_TEST_PWSH names none, and "dotnet tool install PowerShell" ended with ${code}; install PowerShell 7 and Pester ${MIN_PESTER}`,
  };
}

async function withPester(pwsh: string): Promise<PowerShell> {
  const test = `Import-Module Pester -MinimumVersion ${MIN_PESTER}`;
  if (await answers(pwsh, test)) return { pwsh };
  progress('No Pester here: trying "Install-PSResource Pester" ...');
  await runCommand(
    pwsh,
    [
      '-NoProfile',
      '-NonInteractive',
      '-Command',
      'Install-PSResource -Name Pester -TrustRepository -Scope CurrentUser',
    ],
    { quiet: true },
  );
  if (await answers(pwsh, test)) return { pwsh };
  return { missing: `${pwsh} has no Pester ${MIN_PESTER} or newer and "Install-PSResource Pester" did not bring it` };
}

async function answers(pwsh: string, command: string): Promise<boolean> {
  const { code } = await runCommand(
    pwsh,
    ['-NoProfile', '-NonInteractive', '-Command', `$ErrorActionPreference = 'Stop'; ${command}`],
    {
      quiet: true,
    },
  );
  return code === 0;
}
