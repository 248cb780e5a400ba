// Builds PowerShell for Windows with a small console host, because the console host of PowerShell does not start under
// Wine.
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildOnce, hashFiles } from './build-once.ts';
import { dotnet } from './dotnet.ts';
import { progress, projectRoot, toolsDir } from './folders.ts';

const source = join(projectRoot, 'scripts', 'powershell', 'windows-host');

/**
 * Path of `pwsh.exe FILE`, which runs one script file and exits with its exit code; built where the sources changed.
 */
export async function buildWindowsPowerShell(): Promise<string> {
  const files = readdirSync(source).map((name) => join(source, name));
  const folder = await buildOnce(
    join(toolsDir, 'windows', 'powershell'),
    hashFiles(files.sort()),
    async (temporary) => {
      progress('Building PowerShell for Windows (once) ...');
      const project = join(temporary, 'project');
      cpSync(source, project, { recursive: true });
      // In locked mode each package must have the checksum in packages.lock.json.
      await dotnet(project, ['publish', '-p:RestoreLockedMode=true', '-o', join(temporary, 'bin')]);
    },
  );
  return join(folder, 'bin', 'pwsh.exe');
}
