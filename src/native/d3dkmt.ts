// gdi32.dll: graphics adapters as Windows numbers them, with their place on the PCI bus.
import { layout, library } from './ffi.ts';

const gdi32 = library('gdi32.dll');

/** https://learn.microsoft.com/windows-hardware/drivers/ddi/d3dkmthk/nf-d3dkmthk-d3dkmtopenadapterfromluid */
export const D3DKMTOpenAdapterFromLuid = gdi32.blocking<(openAdapter: Buffer) => Promise<number>>(
  'int32_t __stdcall D3DKMTOpenAdapterFromLuid(void *openAdapter)',
);

/** https://learn.microsoft.com/windows-hardware/drivers/ddi/d3dkmthk/nf-d3dkmthk-d3dkmtqueryadapterinfo */
export const D3DKMTQueryAdapterInfo = gdi32.blocking<(queryAdapterInfo: Buffer) => Promise<number>>(
  'int32_t __stdcall D3DKMTQueryAdapterInfo(void *queryAdapterInfo)',
);

/** https://learn.microsoft.com/windows-hardware/drivers/ddi/d3dkmthk/nf-d3dkmthk-d3dkmtcloseadapter */
export const D3DKMTCloseAdapter = gdi32.blocking<(closeAdapter: Buffer) => Promise<number>>(
  'int32_t __stdcall D3DKMTCloseAdapter(void *closeAdapter)',
);

/** https://learn.microsoft.com/windows-hardware/drivers/ddi/d3dkmthk/ns-d3dkmthk-_d3dkmt_openadapterfromluid */
export const D3DKMT_OPENADAPTERFROMLUID = layout({
  LowPart: 'uint32_t', // LUID: DWORD
  HighPart: 'int32_t', // LUID: LONG
  hAdapter: 'uint32_t', // D3DKMT_HANDLE
});

/** https://learn.microsoft.com/windows-hardware/drivers/ddi/d3dkmthk/ns-d3dkmthk-_d3dkmt_queryadapterinfo */
export const D3DKMT_QUERYADAPTERINFO = layout({
  hAdapter: 'uint32_t', // D3DKMT_HANDLE
  Type: 'int32_t', // KMTQUERYADAPTERINFOTYPE
  pPrivateDriverData: 'uint64_t', // VOID *
  PrivateDriverDataSize: 'uint32_t', // UINT
});

/** https://learn.microsoft.com/windows-hardware/drivers/ddi/d3dkmthk/ns-d3dkmthk-_d3dkmt_adapteraddress */
export const D3DKMT_ADAPTERADDRESS = layout({
  BusNumber: 'uint32_t', // UINT
  DeviceNumber: 'uint32_t', // UINT
  FunctionNumber: 'uint32_t', // UINT
});

/** https://learn.microsoft.com/windows-hardware/drivers/ddi/d3dkmthk/ne-d3dkmthk-_kmtqueryadapterinfotype */
export const KMTQAITYPE_ADAPTERADDRESS = 6;
/** D3DKMT_CLOSEADAPTER is one D3DKMT_HANDLE. */
export const D3DKMT_CLOSEADAPTER_BYTES = 4;
