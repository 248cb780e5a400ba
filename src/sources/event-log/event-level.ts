// The level of an event.
import type { EventRecord } from '../host.ts';
import type { EventData } from './event-data.ts';
import { isSqlServer } from './subjects/sql-server.ts';

/** https://learn.microsoft.com/windows/win32/wes/eventmanifestschema-leveltype-complextype */
const levels: readonly (EventRecord['level'] | undefined)[] = [
  undefined,
  'critical',
  'error',
  'warning',
  'info',
  'debug',
];

/** WINEVENT_KEYWORD_AUDIT_FAILURE in winmeta.h. */
const AUDIT_FAILURE = 0x10_0000_0000_0000n;
const AUDIT_SUCCESS = 0x20_0000_0000_0000n;

/** https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-error-severities */
const SQL_ERROR = 11;
const SQL_FATAL = 20;
const SEVERITY_OFFSET = 4;

/**
 * The level that the event has. A failed audit is a warning. Other events with level 0, "log always", are information,
 * except those of SQL Server, which have their severity in the binary data.
 */
export function levelOf(level: string, keywords: string, provider: string, data: EventData): EventRecord['level'] {
  const own = /^\d{1,3}$/.test(level) ? levels[Number(level)] : undefined;
  if (own !== undefined && own !== 'info') return own;
  const bits = keywordBits(keywords);
  if ((bits & AUDIT_FAILURE) !== 0n) return 'warning';
  if (own !== undefined || (bits & AUDIT_SUCCESS) !== 0n || !isSqlServer(provider)) return 'info';
  const binary = data.binary();
  const severity = binary.length >= SEVERITY_OFFSET + 4 ? binary.readUInt32LE(SEVERITY_OFFSET) : 0;
  if (severity >= SQL_FATAL) return 'critical';
  return severity >= SQL_ERROR ? 'error' : 'info';
}

/** 64 bits, as unsigned hexadecimal or as a signed decimal number. */
function keywordBits(text: string): bigint {
  return /^(?:0x[0-9a-f]{1,16}|-?\d{1,20})$/i.test(text) ? BigInt.asUintN(64, BigInt(text)) : 0n;
}
