// Parsers that several settings share: each returns undefined for a text that is not allowed.
import { parseDockerHost } from '../base/docker-host.ts';
import { parseDurationMs } from '../base/duration.ts';

export function anyText(value: string): string {
  return value;
}

export function wholeNumber(value: string): number | undefined {
  return /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}

/** The forms that Go's strconv.ParseBool accepts: https://pkg.go.dev/strconv#ParseBool */
export function parseBoolean(value: string): boolean | undefined {
  if (/^(1|t|T|true|TRUE|True)$/.test(value)) return true;
  return /^(0|f|F|false|FALSE|False)$/.test(value) ? false : undefined;
}

/** Milliseconds, 0 or more. */
export function durationFromZero(value: string): number | undefined {
  const ms = parseDurationMs(value);
  return ms !== undefined && ms >= 0 ? ms : undefined;
}

/** An address in the form of DOCKER_HOST, or nothing. */
export function dockerAddress(value: string): string | undefined {
  return value === '' || parseDockerHost(value) ? value : undefined;
}
