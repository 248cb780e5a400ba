// Format, lint and types of the whole tree.
import { spawnSync } from 'node:child_process';

export interface Check {
  name: string;
  arguments: string[];
}

/** With `fix`, format and safe lint fixes are written. */
export function checks(fix: boolean): Check[] {
  return [
    {
      name: 'format and lint',
      arguments: ['node_modules/@biomejs/biome/bin/biome', 'check', ...(fix ? ['--write'] : []), '.'],
    },
    { name: 'types', arguments: ['node_modules/typescript/bin/tsc', '-p', '.'] },
  ];
}

/** Runs one on this Node, its output on this console; true when it found nothing. */
export function runCheck(check: Check): boolean {
  console.log(`${check.name} ...`);
  return spawnSync(process.execPath, check.arguments, { stdio: 'inherit' }).status === 0;
}
