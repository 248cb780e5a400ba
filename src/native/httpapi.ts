// httpapi.dll: the reservations of http.sys, queries only.
import { layout, library } from './ffi.ts';

const httpapi = library('httpapi.dll');

/**
 * https://learn.microsoft.com/windows/win32/api/http/nf-http-httpinitialize; HTTPAPI_VERSION, two USHORTs, goes by
 * value in one register. It starts the driver where that does not run yet.
 */
export const HttpInitialize = httpapi.func<(Version: number, Flags: number, pReserved: null) => number>(
  'uint32_t __stdcall HttpInitialize(uint32_t Version, uint32_t Flags, void *pReserved)',
);

/** https://learn.microsoft.com/windows/win32/api/http/nf-http-httpterminate */
export const HttpTerminate = httpapi.func<(Flags: number, pReserved: null) => number>(
  'uint32_t __stdcall HttpTerminate(uint32_t Flags, void *pReserved)',
);

/** HTTPAPI_VERSION_1: major 1 in the low half, minor 0 in the high one. */
export const HTTPAPI_VERSION_1 = 1;
export const HTTP_INITIALIZE_CONFIG = 2;

/** https://learn.microsoft.com/windows/win32/api/http/nf-http-httpqueryserviceconfiguration */
export const HttpQueryServiceConfiguration = httpapi.func<
  (
    ServiceHandle: null,
    ConfigId: number,
    pInput: Buffer,
    InputLength: number,
    pOutput: Buffer,
    OutputLength: number,
    pReturnLength: Uint32Array,
    pOverlapped: null,
  ) => number
>(
  'uint32_t __stdcall HttpQueryServiceConfiguration(void *ServiceHandle, int32_t ConfigId, void *pInput, uint32_t InputLength, void *pOutput, uint32_t OutputLength, void *pReturnLength, void *pOverlapped)',
);

/** HTTP_SERVICE_CONFIG_ID */
export const HttpServiceConfigUrlAclInfo = 2;
/** HTTP_SERVICE_CONFIG_QUERY_TYPE: one entry after the other, by dwToken. */
export const HttpServiceConfigQueryNext = 1;

/** https://learn.microsoft.com/windows/win32/api/http/ns-http-http_service_config_urlacl_query */
export const HTTP_SERVICE_CONFIG_URLACL_QUERY = layout({
  QueryDesc: 'int32_t', // HTTP_SERVICE_CONFIG_QUERY_TYPE
  pUrlPrefix: 'uint64_t', // HTTP_SERVICE_CONFIG_URLACL_KEY
  dwToken: 'uint32_t', // DWORD
});

/** https://learn.microsoft.com/windows/win32/api/http/ns-http-http_service_config_urlacl_set; texts lie behind it. */
export const HTTP_SERVICE_CONFIG_URLACL_SET = layout({
  pUrlPrefix: 'uint64_t', // HTTP_SERVICE_CONFIG_URLACL_KEY
  pStringSecurityDescriptor: 'uint64_t', // HTTP_SERVICE_CONFIG_URLACL_PARAM
});
