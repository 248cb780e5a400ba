// URL reservations of http.sys: which accounts may listen on which URLs.
import { canonicalIp } from '../../../base/ip.ts';
import {
  CloseServiceHandle,
  OpenSCManagerW,
  OpenServiceW,
  QueryServiceStatusEx,
  SC_MANAGER_CONNECT,
  SC_STATUS_PROCESS_INFO,
  SERVICE_QUERY_STATUS,
  SERVICE_STATUS_PROCESS,
} from '../../../native/advapi32/service.ts';
import { SERVICE_RUNNING } from '../../../native/advapi32/service-process.ts';
import { ForeignBuffer } from '../../../native/buffer.ts';
import { checkBool, checkError, checkHandle } from '../../../native/check.ts';
import { Handle } from '../../../native/handle.ts';
import {
  HTTP_INITIALIZE_CONFIG,
  HTTP_SERVICE_CONFIG_URLACL_QUERY,
  HTTP_SERVICE_CONFIG_URLACL_SET,
  HTTPAPI_VERSION_1,
  HttpInitialize,
  HttpQueryServiceConfiguration,
  HttpServiceConfigQueryNext,
  HttpServiceConfigUrlAclInfo,
  HttpTerminate,
} from '../../../native/httpapi.ts';
import {
  ERROR_INSUFFICIENT_BUFFER,
  ERROR_NO_MORE_ITEMS,
  ERROR_SERVICE_DOES_NOT_EXIST,
  Win32Error,
} from '../../../native/win32-error.ts';
import type { UrlReservationRecord } from '../../host.ts';
import { GrowingBuffer } from '../growing-buffer.ts';

/** Limit of reservations. A Windows Server has some thirty. */
export const MAX_RESERVATIONS = 2000;

/** A reservation in the form in which http.sys stores it. */
export interface Reservation {
  /** e.g. `http://+:5985/wsman/`. */
  readonly prefix: string;
  /** Its access list in SDDL. */
  readonly sddl: string;
}

export type Url = Pick<UrlReservationRecord, 'scheme' | 'port' | 'ip' | 'host' | 'path'>;

/**
 * `scheme://host:port/path/`, where `+` and `*` match any host; undefined for other texts.
 * https://learn.microsoft.com/windows/win32/http/urlprefix-strings
 */
export function parsePrefix(prefix: string): Url | undefined {
  const [, scheme, host, digits, path = '/'] =
    /^(https?):\/\/(\[[^\]]*\]|[^:/]+):(\d{1,5})(?::[^/]*)?(\/.*)?$/is.exec(prefix) ?? [];
  const port = Number(digits);
  if (scheme === undefined || host === undefined || port < 1 || port > 65_535) return undefined;
  const ip = canonicalIp(host);
  const any = host === '+' || host === '*';
  if (host.startsWith('[') && ip === undefined) return undefined;
  return {
    scheme: scheme.toLowerCase() === 'https' ? 'https' : 'http',
    port,
    ...(any ? {} : ip === undefined ? { host } : { ip }),
    path: path.endsWith('/') ? path : `${path}/`,
  };
}

/** GENERIC_EXECUTE allows to listen, GENERIC_ALL includes it. GENERIC_WRITE allows only to delegate. */
const LISTEN_RIGHTS = 0x3000_0000;

/** SIDs that an access list in SDDL allows to listen. https://learn.microsoft.com/windows/win32/secauthz/ace-strings */
export function listenerSids(sddl: string): string[] {
  const entries = sddl.matchAll(/\(A;[^;()]*;([^;()]*);[^;()]*;[^;()]*;([^;()]+)\)/g);
  return [...entries].flatMap(([, rights, sid]) => (mayListen(rights!) ? [sid!] : []));
}

function mayListen(rights: string): boolean {
  if (/^0x[0-9a-f]{1,8}$/i.test(rights)) return (Number(rights) & LISTEN_RIGHTS) !== 0;
  return (rights.match(/../g) ?? []).some((right) => right === 'GX' || right === 'GA');
}

/** Returns the reservation with this index, or undefined after the last. */
export type ReservationCall = (token: number) => Reservation | undefined;

/** Reads all reservations, one with each call. */
export function eachReservation(call: ReservationCall): { reservations: Reservation[]; cut: boolean } {
  const reservations: Reservation[] = [];
  for (let token = 0; token < MAX_RESERVATIONS; token++) {
    const reservation = call(token);
    if (!reservation) return { reservations, cut: false };
    reservations.push(reservation);
  }
  return { reservations, cut: call(MAX_RESERVATIONS) !== undefined };
}

/** Reservations of this machine; none while http.sys is not running. Throws Win32Error. */
export function readReservations(): { reservations: Reservation[]; cut: boolean } {
  // HttpInitialize would start the driver, and the agent must not change the host.
  if (!isHttpRunning()) return { reservations: [], cut: false };
  checkError('HttpInitialize', HttpInitialize(HTTPAPI_VERSION_1, HTTP_INITIALIZE_CONFIG, null));
  try {
    const answer = new GrowingBuffer(4096);
    return eachReservation((token) => readReservation(answer, token));
  } finally {
    HttpTerminate(HTTP_INITIALIZE_CONFIG, null);
  }
}

function readReservation(answer: GrowingBuffer, token: number): Reservation | undefined {
  const query = Buffer.alloc(HTTP_SERVICE_CONFIG_URLACL_QUERY.size);
  query.writeInt32LE(HttpServiceConfigQueryNext, HTTP_SERVICE_CONFIG_URLACL_QUERY.at.QueryDesc);
  query.writeUInt32LE(token, HTTP_SERVICE_CONFIG_URLACL_QUERY.at.dwToken);
  const length = new Uint32Array(1);
  let last = false;
  const bytes = answer.fill('HttpQueryServiceConfiguration', (buffer) => {
    const code = HttpQueryServiceConfiguration(
      null,
      HttpServiceConfigUrlAclInfo,
      query,
      query.length,
      buffer,
      buffer.length,
      length,
      null,
    );
    if (code === ERROR_INSUFFICIENT_BUFFER) return { done: false, needed: length[0]!, code };
    last = code === ERROR_NO_MORE_ITEMS;
    if (!last) checkError('HttpQueryServiceConfiguration', code);
    return { done: true };
  });
  if (last) return undefined;
  const set = new ForeignBuffer(bytes);
  const { at } = HTTP_SERVICE_CONFIG_URLACL_SET;
  return { prefix: set.text(at.pUrlPrefix), sddl: set.text(at.pStringSecurityDescriptor) };
}

/** The SCM lists the driver as the service HTTP. A system without it has no reservations. */
function isHttpRunning(): boolean {
  using manager = new Handle(
    checkHandle('OpenSCManagerW', OpenSCManagerW(null, null, SC_MANAGER_CONNECT)),
    CloseServiceHandle,
  );
  try {
    using service = new Handle(
      checkHandle('OpenServiceW', OpenServiceW(manager.value, 'HTTP', SERVICE_QUERY_STATUS)),
      CloseServiceHandle,
    );
    const status = Buffer.alloc(SERVICE_STATUS_PROCESS.size);
    const call = QueryServiceStatusEx(service.value, SC_STATUS_PROCESS_INFO, status, status.length, new Uint32Array(1));
    checkBool('QueryServiceStatusEx', call);
    return status.readUInt32LE(SERVICE_STATUS_PROCESS.at.dwCurrentState) === SERVICE_RUNNING;
  } catch (error) {
    if (error instanceof Win32Error && error.code === ERROR_SERVICE_DOES_NOT_EXIST) return false;
    throw error;
  }
}
