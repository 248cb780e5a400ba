// The providers that the session enables: names, keywords, the events that are asked for, and their layouts' versions.
import { type Grant, PART_GRANTS } from '../grants.ts';

/** One event id of a provider, and how far its layouts are known. */
export interface EventVersions {
  /** The newest version with a known layout; versions count from 0. */
  readonly newest: number;
  /** Newer versions only append fields, so that what is known can still be read. */
  readonly appends: boolean;
}

export interface ProviderDefinition {
  /** Short name, for counters and messages. */
  readonly name: string;
  /** Name in the system's list of providers. */
  readonly title: string;
  /** With dashes, lower case. */
  readonly guid: string;
  /** An event passes when it has one of these keywords; 0 passes all. */
  readonly anyKeyword: bigint;
  /** Least important level that passes: 4 informational. */
  readonly level: number;
  /** The events that are asked for, by id. */
  readonly events: Readonly<Record<number, EventVersions>>;
  /** Runs inside of processes: in Windows containers it needs flags of its own to be heard. */
  readonly inProcesses: boolean;
  /** Can be asked to tell what there was before the session. */
  readonly rundown: boolean;
  /** The right that it needs, and what is lost without it. */
  readonly grant: Grant;
}

const first: EventVersions = { newest: 0, appends: false };
const result: EventVersions = { newest: 1, appends: true };

/** ConnectPath, ClosePath, and the keyword of connection summaries. */
const TCPIP_KEYWORDS = 0x4_0000_0000n | 0x10_0000_0000n | 0x2000_0000_0000n;

/** Indices into `providers`. */
export const PROVIDER = { tcpip: 0, dnsClient: 1, kernelProcess: 2 } as const;

export const providers: readonly ProviderDefinition[] = [
  {
    name: 'tcpip',
    title: 'Microsoft-Windows-TCPIP',
    guid: '2f07e2ee-15db-40f1-90ef-9d7ba282188a',
    anyKeyword: TCPIP_KEYWORDS,
    level: 4,
    events: {
      1002: first,
      1017: result,
      1033: result,
      1034: result,
      1038: result,
      1039: result,
      1043: { newest: 2, appends: true },
      1045: result,
      1046: result,
      1183: first,
      1184: first,
      1186: first,
      1187: first,
      1300: { newest: 3, appends: true },
      1382: first,
      1477: { newest: 1, appends: true },
    },
    inProcesses: false,
    rundown: true,
    grant: PART_GRANTS.tcpEvents,
  },
  {
    name: 'dns-client',
    title: 'Microsoft-Windows-DNS-Client',
    guid: '1c95126e-7eea-49a9-a3fe-a378b03ddb4d',
    // Its events have no keyword in the manifest, but bit 63 when they come.
    anyKeyword: 0n,
    level: 4,
    events: { 3006: first, 3008: first },
    inProcesses: true,
    rundown: false,
    grant: PART_GRANTS.dnsEvents,
  },
  {
    name: 'kernel-process',
    title: 'Microsoft-Windows-Kernel-Process',
    guid: '22fb2cd6-0e7b-422b-a0c7-2fad1fd0e716',
    /** PROCESS */
    anyKeyword: 0x10n,
    level: 4,
    // Version 3 of a start and version 2 of a stop moved fields: nobody knows what the next one does.
    events: { 1: { newest: 5, appends: false }, 2: { newest: 2, appends: false } },
    inProcesses: false,
    rundown: false,
    grant: PART_GRANTS.processEvents,
  },
];

/** The 16 bytes of a GUID as Windows keeps it: three numbers in little-endian order, then eight bytes. */
export function guidBytes(guid: string): Buffer {
  const hex = Buffer.from(guid.replaceAll('-', ''), 'hex');
  hex.subarray(0, 4).reverse();
  hex.subarray(4, 6).reverse();
  hex.subarray(6, 8).reverse();
  return hex;
}
