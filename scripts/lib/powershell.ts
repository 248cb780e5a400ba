// Installs the pinned PowerShell and the pinned versions of Pester from NuGet into the tools folder.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildOnce } from './build-once.ts';
import { dotnet, verifyPackage } from './dotnet.ts';
import { progress, projectRoot, toolsDir } from './folders.ts';

interface PinnedPackage {
  readonly version: string;
  /** Of the .nupkg file. */
  readonly sha512: string;
}

/** Versions and checksums of the packages, kept in `scripts/powershell/packages.json`. */
export const packages = JSON.parse(
  readFileSync(join(projectRoot, 'scripts', 'powershell', 'packages.json'), 'utf8'),
) as { readonly powershell: PinnedPackage; readonly pester: readonly PinnedPackage[] };

/** One installed version of Pester. */
export interface Pester {
  readonly version: string;
  /** Path of its manifest. */
  readonly manifest: string;
}

/** Path of the pinned PowerShell for this machine, installed as a .NET tool at the first call. */
export async function installPowerShell(): Promise<string> {
  const { version, sha512 } = packages.powershell;
  const folder = await buildOnce(join(toolsDir, 'powershell'), sha512, async (temporary) => {
    progress(`Installing PowerShell ${version} (once) ...`);
    await dotnet(temporary, ['tool', 'install', 'PowerShell', '--version', version, '--tool-path', temporary]);
    const stored = join(temporary, '.store', 'powershell', version, 'powershell', version);
    verifyPackage(join(stored, `powershell.${version}.nupkg`), sha512);
  });
  return join(folder, process.platform === 'win32' ? 'pwsh.exe' : 'pwsh');
}

/** The pinned versions of Pester, newest first, downloaded at the first call. */
export async function installPester(): Promise<Pester[]> {
  const stamp = packages.pester.map(({ sha512 }) => sha512).join(' ');
  const packageFolder = (folder: string, version: string) => join(folder, 'packages', 'pester', version);
  const folder = await buildOnce(join(toolsDir, 'pester'), stamp, async (temporary) => {
    progress(`Downloading Pester ${packages.pester.map(({ version }) => version).join(' and ')} (once) ...`);
    const project = join(temporary, 'project');
    mkdirSync(project);
    writeFileSync(join(project, 'pester.csproj'), downloadProject());
    await dotnet(project, ['restore', '--packages', join(temporary, 'packages')]);
    for (const { version, sha512 } of packages.pester)
      verifyPackage(join(packageFolder(temporary, version), `pester.${version}.nupkg`), sha512);
  });
  return packages.pester.map(({ version }) => ({
    version,
    manifest: join(packageFolder(folder, version), 'tools', 'Pester.psd1'),
  }));
}

/** A project that downloads packages and compiles nothing. */
function downloadProject(): string {
  const versions = packages.pester.map(({ version }) => `[${version}]`).join(';');
  return `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageDownload Include="Pester" Version="${versions}" /></ItemGroup>
</Project>
`;
}
