// Which record type a request is counted under.
import type { DnsEventRecord } from '../../sources/host.ts';
import { TYPE_A, TYPE_AAAA } from '../owner/dns-codes.ts';

/**
 * DNS_QUERY_DUAL_ADDR: one lookup of A and AAAA records, which Windows reports with type AAAA and IPv4 addresses as
 * mapped ones. https://learn.microsoft.com/windows/win32/dns/dns-constants
 */
const DUAL_ADDRESS = 0x4000;

type TypeAndOptions = Pick<DnsEventRecord, 'queryType' | 'options'>;

/** Bitwise operators take the options modulo 2^32, so bits above do not matter. */
function isDualLookup({ queryType, options }: TypeAndOptions): boolean {
  return queryType === TYPE_AAAA && (options & DUAL_ADDRESS) !== 0;
}

/**
 * The type of a completed request, by the addresses in its answer (as base/ip.ts writes them). A request for AAAA
 * records counts as A if it found IPv4 addresses only, and as AAAA if it found any IPv6 address. Without addresses a
 * dual lookup counts as A, where the successful lookups of most names are.
 */
export function requestType(request: TypeAndOptions, ips: readonly string[]): number {
  if (request.queryType !== TYPE_AAAA) return request.queryType;
  const isIpv4 = ips.length === 0 ? isDualLookup(request) : !ips.some((ip) => ip.includes(':'));
  return isIpv4 ? TYPE_A : TYPE_AAAA;
}
