// Label values for DNS query types and for status codes of the Windows resolver.

export const TYPE_A = 1;
export const TYPE_PTR = 12;
export const TYPE_AAAA = 28;

/** https://www.iana.org/assignments/dns-parameters/dns-parameters.xhtml#dns-parameters-4 */
const types = new Map([
  [TYPE_A, 'TypeA'],
  [2, 'TypeNS'],
  [5, 'TypeCNAME'],
  [6, 'TypeSOA'],
  [TYPE_PTR, 'TypePTR'],
  [15, 'TypeMX'],
  [16, 'TypeTXT'],
  [TYPE_AAAA, 'TypeAAAA'],
  [33, 'TypeSRV'],
  [255, 'TypeANY'],
]);

/** Types that have a name; every other type is `Type` and its number. */
export const NAMED_TYPES: readonly string[] = [...types.values()];

/** e.g. `TypeA`, `Type65`. */
export function typeName(type: number): string {
  return types.get(type) ?? `Type${type}`;
}

export const STATUS_OK = 'ok';
export const STATUS_NXDOMAIN = 'nxdomain';

/**
 * The first six are Coroot's. Coroot shows each other status as a server error, which is what it means to the client.
 * https://learn.microsoft.com/windows/win32/debug/system-error-codes--9000-11999-
 */
const statuses = new Map([
  [0, STATUS_OK],
  // DNS_INFO_NO_RECORDS: the name exists but has no record of this type.
  [9501, STATUS_OK],
  // DNS_ERROR_RECORD_DOES_NOT_EXIST: no such record, in the cache if only the cache was searched. No server has failed.
  [9701, STATUS_OK],
  [9001, 'format_error'],
  [9002, 'servfail'],
  [9003, STATUS_NXDOMAIN],
  [9004, 'not_implemented'],
  [9005, 'refused'],
  // ERROR_TIMEOUT, WAIT_TIMEOUT, WSAETIMEDOUT
  [1460, 'timeout'],
  [258, 'timeout'],
  [10_060, 'timeout'],
  // DNS_ERROR_NO_DNS_SERVERS, DNS_ERROR_NO_TCPIP
  [9852, 'no_servers'],
  [9851, 'no_servers'],
  // DNS_ERROR_BAD_PACKET, DNS_ERROR_NO_PACKET, DNS_ERROR_RCODE, DNS_ERROR_UNSECURE_PACKET
  [9502, 'bad_answer'],
  [9503, 'bad_answer'],
  [9504, 'bad_answer'],
  [9505, 'bad_answer'],
  // ERROR_INVALID_NAME, DNS_ERROR_INVALID_NAME, DNS_ERROR_INVALID_NAME_CHAR
  [123, 'bad_name'],
  [9552, 'bad_name'],
  [9560, 'bad_name'],
  // ERROR_OPERATION_ABORTED, ERROR_CANCELLED
  [995, 'cancelled'],
  [1223, 'cancelled'],
]);

/** DNS_REQUEST_PENDING: not an answer; the answer follows later. */
export const REQUEST_PENDING = 9506;

/**
 * ERROR_INVALID_PARAMETER: Windows refused the parameters, and no lookup took place. A program that looks up both
 * address types causes one of these next to its real request.
 */
export const NO_LOOKUP = 87;

const STATUS_UNLISTED = 'error';

/** All labels of `statusName`. */
export const DNS_STATUSES: readonly string[] = [...new Set(statuses.values()), STATUS_UNLISTED];

/** Label of a status; `error` for an unlisted or missing code. */
export function statusName(code: number | undefined): string {
  return (code === undefined ? undefined : statuses.get(code)) ?? STATUS_UNLISTED;
}
