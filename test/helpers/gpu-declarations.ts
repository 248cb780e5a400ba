// Structs of NVML and of graphics adapters as their vendors document them: the headers of mingw-w64 lack them.

const declarations = {
  nvmlMemory_t: 'typedef struct { unsigned long long total, free, used; } nvmlMemory_t;',
  nvmlUtilization_t: 'typedef struct { unsigned int gpu, memory; } nvmlUtilization_t;',
  nvmlSample_t:
    'typedef union { double dVal; int siVal; unsigned int uiVal; unsigned long ulVal; unsigned long long ullVal; ' +
    'signed long long sllVal; unsigned short usVal; } nvmlValue_t; ' +
    'typedef struct { unsigned long long timeStamp; nvmlValue_t sampleValue; } nvmlSample_t;',
  nvmlPciInfo_t:
    'typedef struct { char busIdLegacy[16]; unsigned int domain, bus, device, pciDeviceId, pciSubSystemId; ' +
    'char busId[32]; } nvmlPciInfo_t;',
  nvmlProcessInfo_v1_t: 'typedef struct { unsigned int pid; unsigned long long usedGpuMemory; } nvmlProcessInfo_v1_t;',
  nvmlProcessInfo_v2_t:
    'typedef struct { unsigned int pid; unsigned long long usedGpuMemory; ' +
    'unsigned int gpuInstanceId, computeInstanceId; } nvmlProcessInfo_v2_t;',
  nvmlProcessUtilizationSample_t:
    'typedef struct { unsigned int pid; unsigned long long timeStamp; ' +
    'unsigned int smUtil, memUtil, encUtil, decUtil; } nvmlProcessUtilizationSample_t;',
  nvmlProcessUtilizationInfo_v1_t:
    'typedef struct { unsigned long long timeStamp; ' +
    'unsigned int pid, smUtil, memUtil, encUtil, decUtil, jpgUtil, ofaUtil; } nvmlProcessUtilizationInfo_v1_t;',
  nvmlProcessesUtilizationInfo_v1_t:
    'typedef struct { unsigned int version, processSamplesCount; unsigned long long lastSeenTimeStamp; ' +
    'void *procUtilArray; } nvmlProcessesUtilizationInfo_v1_t;',
  D3DKMT_OPENADAPTERFROMLUID:
    'typedef struct { DWORD LowPart; LONG HighPart; UINT hAdapter; } D3DKMT_OPENADAPTERFROMLUID;',
  D3DKMT_QUERYADAPTERINFO:
    'typedef struct { UINT hAdapter; int Type; void *pPrivateDriverData; UINT PrivateDriverDataSize; } ' +
    'D3DKMT_QUERYADAPTERINFO;',
  D3DKMT_ADAPTERADDRESS: 'typedef struct { UINT BusNumber, DeviceNumber, FunctionNumber; } D3DKMT_ADAPTERADDRESS;',
};

/** By name of the layout. */
export const gpuDeclarations = Object.fromEntries(
  Object.entries(declarations).map(([type, declaration]) => [type, { type, declaration }]),
);
