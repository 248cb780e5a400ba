// Installs the pinned Aspire dashboard from NuGet: a receiver of OTLP that gives back what it received.
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildOnce } from './build-once.ts';
import { dotnet, verifyPackage, whyNoDotnet } from './dotnet.ts';
import { inCi, progress, toolsDir } from './folders.ts';

/** https://www.nuget.org/packages/Aspire.Dashboard.Sdk.linux-x64: a native program, which needs no runtime of .NET. */
const name = 'Aspire.Dashboard.Sdk.linux-x64';
const version = '13.6.5';
/** Of the .nupkg file. */
const sha512 =
  'ca192cef6e72a8c4c7b7d18a9bb7f4da17d8fa736aad44624a1f0f76cd2ae0f8f677c30e56f71abf09336556b365a6b7fd9a22261a98f65f5bf5989eb64c0908';

/**
 * Why the dashboard is missing, for a test's `skip`; false if it is available, after it was downloaded if necessary.
 * With `CI=true` a missing dashboard is an error.
 */
export async function whyNoAspire(): Promise<string | false> {
  try {
    await installAspire();
    return false;
  } catch (error) {
    if (inCi) throw error;
    return (error as Error).message;
  }
}

/** The folder with the program `Aspire.Dashboard`, downloaded at the first call. Throws with the reason. */
export async function installAspire(): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(`The package ${name} has no program for ${process.platform} on ${process.arch}.`);
  return buildOnce(join(toolsDir, 'peers', 'aspire'), sha512, async (temporary) => {
    const missing = await whyNoDotnet();
    if (missing) throw new Error(`The Aspire dashboard is downloaded by the .NET SDK, but ${missing}`);
    progress(`Downloading the Aspire dashboard ${version} (once) ...`);
    const project = join(temporary, 'project');
    mkdirSync(project);
    writeFileSync(
      join(project, 'aspire.csproj'),
      `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageDownload Include="${name}" Version="[${version}]" /></ItemGroup>
</Project>
`,
    );
    const packages = join(temporary, 'packages');
    await dotnet(project, ['restore', '--packages', packages]);
    const unpacked = join(packages, name.toLowerCase(), version);
    verifyPackage(join(unpacked, `${name.toLowerCase()}.${version}.nupkg`), sha512);
    for (const file of ['Aspire.Dashboard', 'appsettings.json', 'libe_sqlite3.so', 'libhex1binterop.so', 'wwwroot'])
      renameSync(join(unpacked, 'tools', file), join(temporary, file));
    chmodSync(join(temporary, 'Aspire.Dashboard'), 0o755);
    rmSync(packages, { recursive: true });
    rmSync(project, { recursive: true });
  });
}
