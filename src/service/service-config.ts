// Reads and changes the configuration of services, by name.
import {
  CloseServiceHandle,
  QUERY_SERVICE_CONFIGW,
  QueryServiceConfig2W,
  QueryServiceConfigW,
  SC_MANAGER_CONNECT,
  SERVICE_QUERY_CONFIG,
} from '../native/advapi32/service.ts';
import {
  ChangeServiceConfig2W,
  ChangeServiceConfigW,
  CreateServiceW,
  DELETE,
  DeleteService,
  SC_MANAGER_CREATE_SERVICE,
  SERVICE_CHANGE_CONFIG,
  SERVICE_ERROR_NORMAL,
  SERVICE_NO_CHANGE,
  SERVICE_START,
} from '../native/advapi32/service-control.ts';
import { SERVICE_WIN32_OWN_PROCESS } from '../native/advapi32/service-process.ts';
import { ForeignBuffer } from '../native/buffer.ts';
import { checkBool } from '../native/check.ts';
import type { Handle } from '../native/handle.ts';
import { GetLastError } from '../native/kernel32.ts';
import { withPointers } from '../native/pointers.ts';
import { ERROR_SERVICE_DOES_NOT_EXIST, ERROR_SERVICE_MARKED_FOR_DELETE, Win32Error } from '../native/win32-error.ts';
import type { ConfigLevel } from './config-levels.ts';
import { openScm, openService, refusal } from './scm.ts';

/** The documented limit of both queries. */
const MAX_CONFIG_BYTES = 8 * 1024;

export interface BasicConfig {
  readonly startType: number;
  readonly binaryPath: string;
  readonly account: string;
  readonly displayName: string;
}

/** Undefined when there is no such service. Throws Win32Error. */
export function readConfig(name: string): BasicConfig | undefined {
  return withService(name, SERVICE_QUERY_CONFIG, (service) => {
    const bytes = Buffer.alloc(MAX_CONFIG_BYTES);
    checkBool('QueryServiceConfigW', QueryServiceConfigW(service.value, bytes, bytes.length, new Uint32Array(1)));
    const buffer = new ForeignBuffer(bytes);
    const { at } = QUERY_SERVICE_CONFIGW;
    return {
      startType: buffer.u32(at.dwStartType),
      binaryPath: buffer.text(at.lpBinaryPathName),
      account: buffer.text(at.lpServiceStartName),
      displayName: buffer.text(at.lpDisplayName),
    };
  });
}

/** Undefined if the service does not exist. Throws Win32Error, also if the system does not support the level. */
export function readLevel<T>(name: string, { level, parse }: ConfigLevel<T>): T | undefined {
  return withService(name, SERVICE_QUERY_CONFIG, (service) => {
    const bytes = Buffer.alloc(MAX_CONFIG_BYTES);
    checkBool(
      'QueryServiceConfig2W',
      QueryServiceConfig2W(service.value, level, bytes, bytes.length, new Uint32Array(1)),
    );
    return parse(new ForeignBuffer(bytes));
  });
}

/** Throws NOT_ELEVATED or Win32Error. */
export function setLevel<T>(name: string, { level, encode }: ConfigLevel<T>, value: T): void {
  change(name, (service) => {
    const changed = withPointers((setPointer) =>
      ChangeServiceConfig2W(service.value, level, encode(value, setPointer)),
    );
    checkBool('ChangeServiceConfig2W', changed);
  });
}

export interface NewService extends BasicConfig {
  readonly name: string;
}

/** Throws NOT_ELEVATED or Win32Error. */
export function createService({ name, displayName, startType, binaryPath, account }: NewService): void {
  using manager = openScm(SC_MANAGER_CONNECT | SC_MANAGER_CREATE_SERVICE);
  const service = CreateServiceW(
    manager.value,
    name,
    displayName,
    SERVICE_CHANGE_CONFIG,
    SERVICE_WIN32_OWN_PROCESS,
    startType,
    SERVICE_ERROR_NORMAL,
    binaryPath,
    null,
    null,
    null,
    account,
    null,
  );
  if (service === null) throw refusal('CreateServiceW', GetLastError());
  CloseServiceHandle(service);
}

/**
 * The password that ChangeServiceConfigW requires for an account without one: NULL for virtual accounts
 * (`NT SERVICE\x`) and managed ones, whose names end in `$`; an empty text for LocalSystem and the accounts of
 * `NT AUTHORITY`, else the password of the account before is kept. Undefined keeps the account.
 * https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-changeserviceconfigw
 */
export function passwordOf(account: string | undefined): '' | null {
  return account === undefined || /^NT SERVICE\\|\$$/i.test(account) ? null : '';
}

/** Changes the given values and keeps the others. Throws NOT_ELEVATED or Win32Error. */
export function changeConfig(
  name: string,
  { startType, binaryPath, account, displayName }: Partial<BasicConfig>,
): void {
  change(name, (service) => {
    const none = SERVICE_NO_CHANGE;
    checkBool(
      'ChangeServiceConfigW',
      ChangeServiceConfigW(
        service.value,
        none,
        startType ?? none,
        none,
        binaryPath ?? null,
        null,
        null,
        null,
        account ?? null,
        passwordOf(account),
        displayName ?? null,
      ),
    );
  });
}

/** False if it does not exist. Windows removes it once the last handle is closed. Throws NOT_ELEVATED or Win32Error. */
export function deleteService(name: string): boolean {
  const deleted = withService(name, DELETE, (service) => {
    if (DeleteService(service.value) !== 0) return true;
    const code = GetLastError();
    if (code !== ERROR_SERVICE_MARKED_FOR_DELETE) throw refusal('DeleteService', code);
    return true;
  });
  return deleted ?? false;
}

function change(name: string, act: (service: Handle) => void): void {
  // A restart as recovery action needs the right to start the service:
  // https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-changeserviceconfig2w
  const done = withService(name, SERVICE_CHANGE_CONFIG | SERVICE_START, (service) => {
    act(service);
    return true;
  });
  if (!done) throw new Win32Error('OpenServiceW', ERROR_SERVICE_DOES_NOT_EXIST);
}

function withService<T>(name: string, access: number, use: (service: Handle) => T): T | undefined {
  using manager = openScm();
  using service = openService(manager, name, access);
  return service && use(service);
}
