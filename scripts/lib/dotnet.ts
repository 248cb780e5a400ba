// The .NET SDK of the machine, which fetches the PowerShell packages of the tests from NuGet.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { runCommand } from './command.ts';

/** The packages target .NET 10. */
const leastVersion = 10;

/** No first-run texts, no telemetry, and no build servers that outlive the command. */
const env = {
  DOTNET_NOLOGO: '1',
  DOTNET_CLI_TELEMETRY_OPTOUT: '1',
  DOTNET_CLI_USE_MSBUILD_SERVER: '0',
  MSBUILDDISABLENODEREUSE: '1',
};

/** Why no .NET SDK can be used here, to hand to a test's `skip`; false when one can. */
export async function whyNoDotnet(): Promise<string | false> {
  const { code, output } = await runCommand('dotnet', ['--version'], { quiet: true, env });
  if (code === 0 && Number.parseInt(output, 10) >= leastVersion) return false;
  const found = code === 0 ? `the .NET SDK is ${output.trim()}` : 'there is no .NET SDK (dotnet) on PATH';
  return `${found}; install the .NET SDK ${leastVersion} or later.`;
}

/** Runs `dotnet ARGS` in `folder`; throws with the tail of its output when it fails. */
export async function dotnet(folder: string, args: readonly string[]): Promise<void> {
  await runCommand('dotnet', args, { cwd: folder, env });
}

/** Throws when the package file is not the one that was pinned. */
export function verifyPackage(file: string, sha512: string): void {
  const actual = createHash('sha512').update(readFileSync(file)).digest('hex');
  if (actual !== sha512) throw new Error(`${file} has the SHA-512 ${actual}, expected ${sha512}.`);
}
