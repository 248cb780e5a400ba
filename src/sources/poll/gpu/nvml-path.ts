// Where the driver installs its library.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Full paths, so that a DLL in the working folder or in PATH is never loaded. */
export function nvmlPaths(environment: Readonly<Record<string, string | undefined>> = process.env): string[] {
  return [
    join(environment.SystemRoot ?? 'C:\\Windows', 'System32', 'nvml.dll'),
    join(environment.ProgramFiles ?? 'C:\\Program Files', 'NVIDIA Corporation', 'NVSMI', 'nvml.dll'),
  ];
}

/** The first path with a file. */
export function findNvml(paths: readonly string[] = nvmlPaths()): string | undefined {
  return paths.find((path) => existsSync(path));
}
