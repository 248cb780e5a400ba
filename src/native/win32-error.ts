// Errors of Win32 calls: code, function, and a text for frequent codes.

/** https://learn.microsoft.com/windows/win32/debug/system-error-codes */
export const ERROR_SUCCESS = 0;
export const ERROR_FILE_NOT_FOUND = 2;
export const ERROR_PATH_NOT_FOUND = 3;
export const ERROR_ACCESS_DENIED = 5;
export const ERROR_NO_MORE_FILES = 18;
export const ERROR_INVALID_PARAMETER = 87;
export const ERROR_INSUFFICIENT_BUFFER = 122;
export const ERROR_ALREADY_EXISTS = 183;
export const ERROR_MORE_DATA = 234;
export const ERROR_NO_MORE_ITEMS = 259;
export const ERROR_PARTIAL_COPY = 299;
export const ERROR_NO_DATA = 232;
export const ERROR_BUFFER_OVERFLOW = 111;
export const ERROR_NOT_FOUND = 1168;
export const ERROR_ADDRESS_NOT_ASSOCIATED = 1228;
export const ERROR_NOT_ALL_ASSIGNED = 1300;
export const ERROR_PRIVILEGE_NOT_HELD = 1314;
export const ERROR_SERVICE_ALREADY_RUNNING = 1056;
export const ERROR_SERVICE_DOES_NOT_EXIST = 1060;
export const ERROR_SERVICE_CANNOT_ACCEPT_CTRL = 1061;
export const ERROR_SERVICE_NOT_ACTIVE = 1062;
export const ERROR_SERVICE_MARKED_FOR_DELETE = 1072;
export const ERROR_MEMBER_NOT_IN_ALIAS = 1377;
export const ERROR_MEMBER_IN_ALIAS = 1378;
export const ERROR_WMI_INSTANCE_NOT_FOUND = 4201;
export const ERROR_TIMEOUT = 1460;
export const ERROR_INVALID_OPERATION = 4317;
export const RPC_S_INVALID_BOUND = 1734;

/** https://learn.microsoft.com/windows/win32/wes/windows-event-log-error-constants */
export const ERROR_EVT_INVALID_QUERY = 15001;
export const ERROR_EVT_CHANNEL_NOT_FOUND = 15007;
export const ERROR_EVT_QUERY_RESULT_STALE = 15011;
export const ERROR_EVT_QUERY_RESULT_INVALID_POSITION = 15012;
export const ERROR_EVT_UNRESOLVED_VALUE_INSERT = 15029;
export const ERROR_EVT_UNRESOLVED_PARAMETER_INSERT = 15030;
export const ERROR_EVT_MAX_INSERTS_REACHED = 15031;

/** https://learn.microsoft.com/openspecs/windows_protocols/ms-erref */
export const STATUS_SUCCESS = 0;
export const STATUS_NOT_IMPLEMENTED = 0xc0000002;
export const STATUS_INFO_LENGTH_MISMATCH = 0xc0000004;
export const STATUS_INVALID_INFO_CLASS = 0xc0000003;
export const STATUS_NO_MORE_ENTRIES = 0x8000001a;
export const STATUS_OBJECT_NAME_NOT_FOUND = 0xc0000034;
export const STATUS_INVALID_CID = 0xc000000b;
export const STATUS_ACCESS_DENIED = 0xc0000022;
export const STATUS_PRIVILEGE_NOT_HELD = 0xc0000061;

const words: Readonly<Record<number, string>> = {
  2: 'not found',
  5: 'access denied',
  6: 'invalid handle',
  8: 'not enough memory',
  13: 'invalid data',
  50: 'not supported',
  87: 'invalid parameter',
  120: 'not implemented on this system',
  124: 'not known to this system',
  122: 'buffer too small',
  234: 'more data than expected',
  1053: 'no answer in time',
  1056: 'it runs already',
  1057: 'no such account',
  1060: 'no such service',
  1062: 'service not started',
  1069: 'its account may not sign in as a service',
  1072: 'it is marked for deletion',
  1077: 'it has not been started since Windows was',
  1115: 'the system is shutting down',
  1168: 'not found',
  1332: 'no such account',
  1450: 'no more sessions can be had: the system’s table of them is full',
  1722: 'the RPC server is unavailable',
  1726: 'the remote procedure call failed',
  1734: 'the array bounds are invalid',
  1753: 'the service does not answer',
  4201: 'no such session',
  15001: 'invalid query',
  15002: 'the publisher is not installed',
  15007: 'no such channel',
  15008: 'malformed XML',
  15009: 'analytic and debug channels cannot be subscribed to',
  15011: 'records were overwritten or cleared',
  15012: 'no such position',
  15026: 'the query is too complex',
  // Errors of performance counters: https://learn.microsoft.com/windows/win32/perfctrs/pdh-error-codes
  [0x800007d0]: 'the machine cannot be reached',
  [0x800007d2]: 'more data than expected',
  [0x800007d5]: 'no data',
  [0xc0000bb8]: 'no such performance object',
  [0xc0000bb9]: 'no such performance counter',
  [STATUS_INFO_LENGTH_MISMATCH]: 'buffer too small',
  [STATUS_INVALID_INFO_CLASS]: 'not known to this system',
  [STATUS_ACCESS_DENIED]: 'access denied',
  [STATUS_PRIVILEGE_NOT_HELD]: 'a privilege is not held',
  [ERROR_PRIVILEGE_NOT_HELD]: 'a privilege is not held',
  [STATUS_NOT_IMPLEMENTED]: 'not implemented on this system',
};

/** A failed call: `code` is the Win32 error or the NTSTATUS (unsigned). */
export class Win32Error extends Error {
  readonly call: string;
  readonly code: number;

  constructor(call: string, code: number) {
    const shown = code > 0xffff ? `0x${code.toString(16)}` : String(code);
    super(`${call}: ${words[code] ? `${words[code]} (${shown})` : `error ${shown}`}`);
    this.name = 'Win32Error';
    this.call = call;
    this.code = code;
  }
}
