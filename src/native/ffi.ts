// The only access to koffi: functions of DLLs, bound at their first call, and struct layouts.
import koffi from 'koffi';

/**
 * Stack of a call that blocks a thread of libuv's pool: as much as Windows gives to a thread. koffi's 128 KiB are less
 * than what a vendor may expect of its callers. Only the part that a call uses is resident.
 */
const BLOCKING_STACK_BYTES = 1024 * 1024;

// Refused once a library is loaded, so it comes before the first one.
koffi.config({ async_stack_size: BLOCKING_STACK_BYTES });

/** A DLL. Functions are bound at their first call, so that declarations load on any platform. */
export interface Library {
  /**
   * Binds a function by its C prototype. Throws at the first call when the DLL or the export is missing.
   * `T` is the JavaScript signature: pointers are `bigint | null` or a buffer, 64-bit integers may come as number or
   * bigint.
   */
  func<T extends (...args: never[]) => unknown>(prototype: string): T;
  /**
   * The same, but each call blocks a thread of libuv's pool instead of this one, and its error code is lost with that
   * thread. Buffers that are passed must stay alive until the promise is settled.
   */
  blocking<T extends (...args: never[]) => Promise<unknown>>(prototype: string): T;
}

/**
 * DLLs that node.exe has loaded before any of this code runs. Each is a KnownDLL as well, which Windows takes from System32
 * only: https://learn.microsoft.com/windows/win32/dlls/dynamic-link-library-search-order
 */
const LOADED_BY_NODE: ReadonlySet<string> = new Set(['advapi32.dll', 'kernel32.dll', 'ntdll.dll']);
const MAX_PATH = 260;

/** Full path of a DLL of Windows: a bare name would be searched in the folder of node.exe first. */
export function dllPath(name: string, systemFolder: () => string = readSystemFolder): string {
  return LOADED_BY_NODE.has(name) ? name : `${systemFolder()}\\${name}`;
}

/** https://learn.microsoft.com/windows/win32/api/sysinfoapi/nf-sysinfoapi-getsystemdirectoryw */
function readSystemFolder(): string {
  const prototype = 'uint32_t __stdcall GetSystemDirectoryW(void *lpBuffer, uint32_t uSize)';
  const path = Buffer.alloc(MAX_PATH * 2);
  const length: number = koffi.load('kernel32.dll').func(prototype)(path, MAX_PATH);
  if (length === 0 || length >= MAX_PATH) throw new Error('GetSystemDirectoryW returned no path');
  return path.toString('utf16le', 0, length * 2);
}

/** `null` is the program itself with every library that it has loaded, libc among them. */
export function library(name: string | null): Library {
  let loaded: ReturnType<typeof koffi.load> | undefined;
  const binder = (prototype: string) => {
    let bound: KoffiFunction | undefined;
    return () => {
      if (bound) return bound;
      loaded ??= koffi.load(name === null ? name : dllPath(name));
      bound = loaded.func(prototype);
      return bound;
    };
  };
  return {
    func<T extends (...args: never[]) => unknown>(prototype: string): T {
      const bind = binder(prototype);
      return ((...args: unknown[]) => bind()(...args)) as unknown as T;
    },
    blocking<T extends (...args: never[]) => Promise<unknown>>(prototype: string): T {
      const bind = binder(prototype);
      return ((...args: unknown[]) => promised(bind(), args)) as unknown as T;
    },
  };
}

type KoffiFunction = ReturnType<ReturnType<typeof koffi.load>['func']>;

function promised(bound: KoffiFunction, args: readonly unknown[]): Promise<unknown> {
  return new Promise((resolve, reject) =>
    bound.async(...args, (error: unknown, result: unknown) => (error ? reject(error) : resolve(result))),
  );
}

/** A DLL that not every machine has, loaded from a full path. */
export interface LoadedLibrary {
  /** Like `Library.blocking`; undefined when the DLL lacks the export. */
  blocking<T extends (...args: never[]) => Promise<unknown>>(prototype: string): T | undefined;
  /** No function of the DLL may be called afterwards, or be running. */
  unload(): void;
}

/** Throws when the file cannot be loaded. */
export function loadLibrary(path: string): LoadedLibrary {
  const loaded = koffi.load(path);
  return {
    blocking<T extends (...args: never[]) => Promise<unknown>>(prototype: string): T | undefined {
      const bound = exported(loaded, prototype);
      return bound && (((...args: unknown[]) => promised(bound, args)) as unknown as T);
    },
    unload: () => loaded.unload(),
  };
}

function exported(loaded: ReturnType<typeof koffi.load>, prototype: string): KoffiFunction | undefined {
  try {
    return loaded.func(prototype);
  } catch (error) {
    if (/cannot find/i.test((error as Error).message)) return undefined;
    throw error;
  }
}

/**
 * The address of a C function that runs `run` in this thread's event loop, whichever thread calls it; the caller waits
 * for that. Nothing may throw through it. It is never freed.
 */
export function callback(prototype: string, run: (...args: never[]) => unknown): bigint {
  return koffi.register(run, koffi.pointer(koffi.proto(prototype)));
}

/** Size and field offsets, in bytes, of a C struct. */
export interface Layout<F extends string> {
  readonly size: number;
  readonly at: Readonly<Record<F, number>>;
}

/**
 * Computes the layout of a struct as a 64-bit C compiler does. Only fixed-width types, so it is the same on every platform
 * (test/native/layouts.test.ts compares each with the vendor's headers).
 */
export function layout<F extends string>(fields: Record<F, string>): Layout<F> {
  const type = koffi.struct(fields);
  const at = {} as Record<F, number>;
  for (const name of Object.keys(fields) as F[]) at[name] = koffi.offsetof(type, name);
  return { size: koffi.sizeof(type), at };
}

/** Memory address of a buffer, to convert pointers inside it to offsets. */
export function addressOf(buffer: Uint8Array): bigint {
  return koffi.address(buffer);
}

/** Copies `length` bytes at an address. The caller must know that they are readable. */
export function copyOf(address: bigint, length: number): Buffer {
  const copy = Buffer.alloc(length);
  copy.set(koffi.decode(address, 'uint8_t', length) as Uint8Array);
  return copy;
}
