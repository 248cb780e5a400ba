// Enters Wine's chroot in a private mount namespace and translates paths of the machine.
import { join, relative, resolve } from 'node:path';
import { projectRoot, toolsDir } from './folders.ts';

// All mounts are private to the started program: removing the tools folder cannot reach the project through a mount.
const enterScript = `set -e
root=$1 project=$2 tools=$3
shift 3
# Wine's server holds one descriptor for each socket of every program.
ulimit -n "$(ulimit -Hn)"
for dir in proc sys dev tmp; do mount --rbind "/$dir" "$root/$dir"; done
for file in hosts resolv.conf; do if [ -e "/etc/$file" ]; then mount --bind "/etc/$file" "$root/etc/$file"; fi; done
mkdir -p "$root/project" "$root/tools"
mount --bind "$project" "$root/project"
mount --bind "$tools" "$root/tools"
exec chroot "$root" "$@"`;

/** The command that runs `argv` inside the chroot at `root`; the process keeps its id all the way. */
export function inWineRoot(root: string, argv: readonly string[]): { command: string; args: string[] } {
  const enter = ['--mount', '--propagation', 'private', 'sh', '-c', enterScript, 'sh', root, projectRoot, toolsDir];
  return { command: 'unshare', args: [...enter, ...argv] };
}

/**
 * A path of the machine inside the chroot (`root` undefined: no chroot). Only the project, the tools and /tmp are
 * mounted.
 */
export function toInnerPath(root: string | undefined, path: string): string {
  const full = resolve(path);
  if (root === undefined) return full;
  for (const [outer, inner] of [
    [toolsDir, '/tools'],
    [projectRoot, '/project'],
    ['/tmp', '/tmp'],
  ] as const) {
    const rest = relative(outer, full);
    if (rest === '' || !(rest === '..' || rest.startsWith('../'))) return join(inner, rest);
  }
  throw new Error(`${full} is not reachable from Wine: only the project, its tools folder and /tmp are.`);
}

/** A path inside the chroot in Windows syntax. */
export function toWindowsPath(root: string | undefined, path: string): string {
  return `Z:${toInnerPath(root, path).replaceAll('/', '\\')}`;
}
