// Network adapters with their addresses, and the network compartments of this machine.
import { ipv4Text, ipv6Text } from '../../base/ip.ts';
import { ForeignBuffer } from '../../native/buffer.ts';
import { checkError } from '../../native/check.ts';
import {
  AF_INET,
  AF_INET6,
  AF_UNSPEC,
  GAA_FLAG_INCLUDE_ALL_COMPARTMENTS,
  GAA_FLAG_SKIP_ANYCAST,
  GAA_FLAG_SKIP_DNS_SERVER,
  GAA_FLAG_SKIP_FRIENDLY_NAME,
  GAA_FLAG_SKIP_MULTICAST,
  GAA_FLAG_SKIP_UNICAST,
  GetAdaptersAddresses,
  IfOperStatusUp,
  IP_ADAPTER_ADDRESSES,
  IP_ADAPTER_UNICAST_ADDRESS,
  SOCKADDR_IN,
  SOCKADDR_IN6,
} from '../../native/iphlpapi.ts';
import { ERROR_ADDRESS_NOT_ASSOCIATED, ERROR_BUFFER_OVERFLOW, ERROR_NO_DATA } from '../../native/win32-error.ts';
import { KIND_GRANTS } from '../grants.ts';
import type { AdapterRecord } from '../host.ts';
import type { ThreadCompartment } from './compartment.ts';
import { GrowingBuffer } from './growing-buffer.ts';
import { EVERY_ROUND, type Poll } from './poll.ts';

/**
 * Parses the linked list that GetAdaptersAddresses fills. Throws BoundsError when a link leads outside of the buffer.
 */
export function parseAdapters(buffer: ForeignBuffer): AdapterRecord[] {
  const { at } = IP_ADAPTER_ADDRESSES;
  const adapters: AdapterRecord[] = [];
  const seen = new Set<number>();
  for (const adapter of links(buffer, 0, at.Next, seen)) {
    adapters.push({
      index: buffer.u32(adapter + at.IfIndex) || buffer.u32(adapter + at.Ipv6IfIndex),
      name: buffer.text(adapter + at.FriendlyName),
      type: buffer.u32(adapter + at.IfType),
      up: buffer.u32(adapter + at.OperStatus) === IfOperStatusUp,
      addresses: unicastAddresses(buffer, buffer.pointer(adapter + at.FirstUnicastAddress), seen),
    });
  }
  return adapters;
}

/** Parses the ids of the compartments that have an adapter, each once and in order. */
export function parseCompartments(buffer: ForeignBuffer): number[] {
  const { at } = IP_ADAPTER_ADDRESSES;
  const ids = new Set<number>();
  for (const adapter of links(buffer, 0, at.Next, new Set())) ids.add(buffer.u32(adapter + at.CompartmentId));
  ids.delete(0);
  return [...ids].sort((a, b) => a - b);
}

/** Follows a linked list to its end, or to an element that is in `seen`: a damaged list may have a cycle. */
function* links(buffer: ForeignBuffer, first: number, next: number, seen: Set<number>): Generator<number> {
  for (let link = first; link >= 0 && !seen.has(link); link = buffer.pointer(link + next)) {
    seen.add(link);
    yield link;
  }
}

function unicastAddresses(buffer: ForeignBuffer, first: number, seen: Set<number>): string[] {
  const { at } = IP_ADAPTER_UNICAST_ADDRESS;
  const addresses: string[] = [];
  for (const link of links(buffer, first, at.Next, seen)) {
    const socket = buffer.pointer(link + at.AddressSockaddr);
    if (socket < 0) continue;
    const family = buffer.u16(socket + SOCKADDR_IN.at.sin_family);
    if (family === AF_INET) addresses.push(ipv4Text(buffer.slice(socket + SOCKADDR_IN.at.sin_addr, 4)));
    if (family === AF_INET6) addresses.push(ipv6Text(buffer.slice(socket + SOCKADDR_IN6.at.sin6_addr, 16)));
  }
  return addresses;
}

/** Reads the adapters of this thread's compartment into a buffer that it keeps. */
export class AdapterReader {
  readonly #buffer = new GrowingBuffer(32 * 1024);

  /** Throws Win32Error. */
  read(): AdapterRecord[] {
    const buffer = fill(this.#buffer, GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST | GAA_FLAG_SKIP_DNS_SERVER);
    return buffer ? parseAdapters(buffer) : [];
  }
}

/** Reads the ids of all compartments that have an adapter, into a buffer that it keeps. */
export class CompartmentReader {
  readonly #buffer = new GrowingBuffer(32 * 1024);

  /** Throws Win32Error where the system has no compartments. */
  read(): number[] {
    const flags =
      GAA_FLAG_INCLUDE_ALL_COMPARTMENTS |
      GAA_FLAG_SKIP_UNICAST |
      GAA_FLAG_SKIP_ANYCAST |
      GAA_FLAG_SKIP_MULTICAST |
      GAA_FLAG_SKIP_DNS_SERVER |
      GAA_FLAG_SKIP_FRIENDLY_NAME;
    const buffer = fill(this.#buffer, flags);
    return buffer ? parseCompartments(buffer) : [];
  }
}

function fill(growing: GrowingBuffer, flags: number): ForeignBuffer | undefined {
  let empty = false;
  const bytes = growing.fill('GetAdaptersAddresses', (buffer) => {
    const size = new Uint32Array([buffer.length]);
    const code = GetAdaptersAddresses(AF_UNSPEC, flags, null, buffer, size);
    if (code === ERROR_BUFFER_OVERFLOW) return { done: false, needed: size[0]!, code };
    empty = code === ERROR_NO_DATA || code === ERROR_ADDRESS_NOT_ASSOCIATED;
    if (!empty) checkError('GetAdaptersAddresses', code);
    return { done: true };
  });
  return empty ? undefined : new ForeignBuffer(bytes);
}

export function createAdapterPoll(compartment: ThreadCompartment): Poll<'adapters'> {
  const reader = new AdapterReader();
  return {
    kind: 'adapters',
    schedule: EVERY_ROUND,
    grant: KIND_GRANTS.adapters,
    read: () => {
      compartment.returnHome();
      return { data: reader.read() };
    },
  };
}
