// IP addresses: conversion between bytes and text (RFC 5952), and address ranges.
import { isIPv4, isIPv6 } from 'node:net';

/** Text of the 4 bytes at `at`, e.g. `10.0.0.5`. */
export function ipv4Text(bytes: Uint8Array, at = 0): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
}

/** Text of the 16 bytes at `at`; an IPv4-mapped address becomes IPv4 text. https://www.rfc-editor.org/rfc/rfc5952 */
export function ipv6Text(bytes: Uint8Array, at = 0): string {
  if (isIpv4Mapped(bytes, at)) return ipv4Text(bytes, at + 12);
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push((bytes[at + i]! << 8) | bytes[at + i + 1]!);
  const [start, length] = longestZeroRun(groups);
  if (length < 2) return groups.map((group) => group.toString(16)).join(':');
  const head = groups.slice(0, start).map((group) => group.toString(16));
  const tail = groups.slice(start + length).map((group) => group.toString(16));
  return `${head.join(':')}::${tail.join(':')}`;
}

/** Text of the address in a row of a table that has the addresses of one family one after the other. */
export function rowAddressText(family: 4 | 6, addresses: Uint8Array, row: number): string {
  return family === 4 ? ipv4Text(addresses, row * 4) : ipv6Text(addresses, row * 16);
}

export function isIpv4Mapped(bytes: Uint8Array, at = 0): boolean {
  for (let i = 0; i < 10; i++) if (bytes[at + i] !== 0) return false;
  return bytes[at + 10] === 0xff && bytes[at + 11] === 0xff;
}

function longestZeroRun(groups: readonly number[]): [start: number, length: number] {
  let best: [number, number] = [0, 0];
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (end < groups.length && groups[end] === 0) end++;
    if (end - start > best[1]) best = [start, end - start];
    start = end;
  }
  return best;
}

/**
 * The text that this file makes of an address in any spelling: upper case, leading zeros, brackets, an IPv4-mapped
 * address, a zone, which is left out. Undefined if it is no address. Addresses from outside are compared in this form.
 */
export function canonicalIp(text: string): string | undefined {
  const [address] = /^\[.*\]$/.test(text) ? text.slice(1, -1).split('%', 1) : text.split('%', 1);
  const bytes = ipBytes(address!);
  return bytes && ipv6Text(bytes);
}

/** `ip:port`, IPv6 in brackets. */
export function endpointText(ip: string, port: number): string {
  // Not a template: V8 would keep its parts alive, and a host has tens of thousands of endpoints.
  return (ip.includes(':') ? ['[', ip, ']:', port] : [ip, ':', port]).join('');
}

/** Address and port of a text that `endpointText` made. */
export function endpointParts(endpoint: string): { ip: string; port: number } {
  const colon = endpoint.lastIndexOf(':');
  const bracketed = endpoint.startsWith('[') && endpoint[colon - 1] === ']';
  return {
    ip: bracketed ? endpoint.slice(1, colon - 1) : endpoint.slice(0, colon),
    port: Number(endpoint.slice(colon + 1)),
  };
}

/** Link-local (169.254/16, fe80::/10) or multicast (224/4, ff00::/8): never reachable from another node. */
export function isLinkLocalOrMulticast(ip: string): boolean {
  if (ip.includes(':')) return /^(fe[89ab][0-9a-f]|ff[0-9a-f]{2}):/i.test(ip);
  const first = Number(ip.split('.', 1)[0]);
  return ip.startsWith('169.254.') || (first >= 224 && first <= 239);
}

/** The 16 bytes of an address, IPv4 mapped into IPv6; undefined if it is not an address or has a zone. */
export function ipBytes(text: string): Uint8Array | undefined {
  if (isIPv4(text)) return Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...text.split('.').map(Number)]);
  if (!isIPv6(text) || text.includes('%')) return undefined;
  // The last four bytes may be written as IPv4.
  const last = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  const plain = last ? `${last[1]}${hex(last[2]!, last[3]!)}:${hex(last[4]!, last[5]!)}` : text;
  const [head, tail] = plain.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = new Array<string>(tail === undefined ? 0 : 8 - head!.length - tail.length).fill('0');
  const groups = [...head!, ...zeros, ...(tail ?? [])].map((group) => Number.parseInt(group, 16));
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 255]));
}

function hex(high: string, low: string): string {
  return ((Number(high) << 8) | Number(low)).toString(16);
}

/**
 * True for a public address: not loopback, private (RFC 1918, RFC 4193) or shared address space (RFC 6598).
 * Reads the 16 bytes at `at`, IPv4 mapped.
 */
export function isExternal(bytes: Uint8Array, at = 0): boolean {
  if (isIpv4Mapped(bytes, at)) {
    const [a, b] = [bytes[at + 12]!, bytes[at + 13]!];
    if (a === 127 || a === 10) return false;
    return !(a === 172 && b >> 4 === 1) && !(a === 192 && b === 168) && !(a === 100 && b >> 6 === 1);
  }
  if ((bytes[at]! & 0xfe) === 0xfc) return false;
  for (let i = 0; i < 15; i++) if (bytes[at + i] !== 0) return true;
  return bytes[at + 15] !== 1;
}
