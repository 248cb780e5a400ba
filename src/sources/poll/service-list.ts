// The list of services as the SCM returns it: grows its buffer, reads long lists in pages and parses the array.
import { ENUM_SERVICE_STATUS_PROCESSW } from '../../native/advapi32/service.ts';
import { ForeignBuffer } from '../../native/buffer.ts';
import { ERROR_MORE_DATA, ERROR_SUCCESS, Win32Error } from '../../native/win32-error.ts';
import { GrowingBuffer } from './growing-buffer.ts';
import type { ServiceStatus } from './service-configs.ts';

export const MAX_SERVICES = 20_000;
/** EnumServicesStatusExW accepts no larger array. */
const PAGE_BYTES = 256 * 1024;
/** The SCM sends the whole array from its process, however little of it is filled: it grows only if needed. */
const FIRST_LIST_BYTES = 16 * 1024;
const MAX_PAGES = 100;

/** A buffer for `readServicePages` that its caller keeps. */
export function createListBuffer(): GrowingBuffer {
  return new GrowingBuffer(FIRST_LIST_BYTES);
}

/** Parses the array that EnumServicesStatusExW fills. Throws BoundsError when it has fewer rows than `count`. */
export function parseServices(buffer: ForeignBuffer, count: number): ServiceStatus[] {
  const { size, at } = ENUM_SERVICE_STATUS_PROCESSW;
  const services: ServiceStatus[] = [];
  for (let i = 0; i < Math.min(count, MAX_SERVICES); i++) {
    const row = i * size;
    services.push({
      name: buffer.text(row + at.lpServiceName),
      displayName: buffer.text(row + at.lpDisplayName),
      serviceType: buffer.u32(row + at.dwServiceType),
      state: buffer.u32(row + at.dwCurrentState),
      pid: buffer.u32(row + at.dwProcessId),
      win32ExitCode: buffer.u32(row + at.dwWin32ExitCode),
      serviceExitCode: buffer.u32(row + at.dwServiceSpecificExitCode),
    });
  }
  return services;
}

/** Result of one call of EnumServicesStatusExW. */
export interface ServicePage {
  /** 0 after the last page, ERROR_MORE_DATA before. */
  code: number;
  returned: number;
  /** Bytes of the services after this page. */
  needed: number;
  /** Index of the first service of the next page. */
  resume: number;
}

/**
 * Reads the list of the SCM into a buffer that grows to the size of the list, and a list that is too long for one call
 * page by page; `call` fills the buffer. A service may occur twice when the list changes meanwhile.
 */
export function readServicePages(
  call: (buffer: Buffer, resume: number) => ServicePage,
  list = createListBuffer(),
): ServiceStatus[] {
  const services = new Map<string, ServiceStatus>();
  let resume = 0;
  for (let pages = 0; pages < MAX_PAGES && services.size < MAX_SERVICES; pages++) {
    const { page, bytes } = readPage(call, list, resume);
    const more = page.code === ERROR_MORE_DATA;
    if ((page.code !== ERROR_SUCCESS && !more) || (more && page.returned === 0))
      throw new Win32Error('EnumServicesStatusExW', page.code);
    for (const service of parseServices(new ForeignBuffer(bytes), page.returned)) services.set(service.name, service);
    if (!more) break;
    resume = page.resume;
  }
  return [...services.values()].slice(0, MAX_SERVICES);
}

function readPage(
  call: (buffer: Buffer, resume: number) => ServicePage,
  list: GrowingBuffer,
  resume: number,
): { page: ServicePage; bytes: Buffer } {
  let page: ServicePage | undefined;
  const bytes = list.fill('EnumServicesStatusExW', (buffer) => {
    page = call(buffer.subarray(0, PAGE_BYTES), resume);
    if (page.code !== ERROR_MORE_DATA || buffer.length >= PAGE_BYTES) return { done: true };
    // A longer list is read in pages.
    return { done: false, needed: Math.min(buffer.length + page.needed, PAGE_BYTES), code: page.code };
  });
  return { page: page!, bytes: bytes.subarray(0, PAGE_BYTES) };
}
