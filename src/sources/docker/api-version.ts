// The version of the Docker API that agent and daemon use.
import type { DaemonVersion } from './parse-container.ts';

/** The first version with Windows containers, and the newest one whose fields are known to be what is read. */
const OLDEST = '1.24';
const NEWEST = '1.54';

/** The highest version that both know, or that of DOCKER_API_VERSION. Throws if the daemon is too old or too new. */
export function negotiate({ apiVersion, minApiVersion }: DaemonVersion, wanted?: string): string {
  if (!isVersion(apiVersion)) throw new Error('the answer to /version has no version of the API: is this Docker?');
  const version = wanted ?? (isBelow(NEWEST, apiVersion) ? NEWEST : apiVersion);
  if (isBelow(version, OLDEST))
    throw new Error(`the daemon has API ${apiVersion}, and the agent needs ${OLDEST} or newer: update Docker`);
  if (isVersion(minApiVersion) && isBelow(version, minApiVersion))
    throw new Error(`the daemon needs API ${minApiVersion} or newer, and the agent uses ${version}: update the agent`);
  return version;
}

function isVersion(text: string): boolean {
  return /^\d{1,3}\.\d{1,3}$/.test(text);
}

function isBelow(a: string, b: string): boolean {
  const [[majorA, minorA], [majorB, minorB]] = [numbersOf(a), numbersOf(b)];
  return majorA === majorB ? minorA < minorB : majorA < majorB;
}

function numbersOf(version: string): [major: number, minor: number] {
  const [major, minor] = version.split('.').map(Number);
  return [major!, minor!];
}
