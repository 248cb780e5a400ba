// The version of this agent: that of package.json, inserted by the bundler or read from the source tree.
import { readFileSync } from 'node:fs';

declare const COROOT_VERSION: string | undefined;

export const AGENT_VERSION: string =
  typeof COROOT_VERSION !== 'undefined'
    ? COROOT_VERSION
    : (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;
