// Windows services from the SCM, read with query rights only.
import {
  CloseServiceHandle,
  EnumServicesStatusExW,
  OpenSCManagerW,
  OpenServiceW,
  QUERY_SERVICE_CONFIGW,
  QueryServiceConfig2W,
  QueryServiceConfigW,
  SC_ENUM_PROCESS_INFO,
  SC_MANAGER_CONNECT,
  SC_MANAGER_ENUMERATE_SERVICE,
  SERVICE_CONFIG_DELAYED_AUTO_START_INFO,
  SERVICE_CONFIG_TRIGGER_INFO,
  SERVICE_DELAYED_AUTO_START_INFO,
  SERVICE_QUERY_CONFIG,
  SERVICE_STATE_ALL,
  SERVICE_TRIGGER_INFO,
  SERVICE_WIN32,
} from '../../native/advapi32/service.ts';
import { ForeignBuffer } from '../../native/buffer.ts';
import { checkHandle } from '../../native/check.ts';
import { Handle } from '../../native/handle.ts';
import { GetLastError } from '../../native/kernel32.ts';
import {
  ERROR_ACCESS_DENIED,
  ERROR_INSUFFICIENT_BUFFER,
  ERROR_MORE_DATA,
  ERROR_SUCCESS,
  Win32Error,
} from '../../native/win32-error.ts';
import { KIND_GRANTS, PART_GRANTS } from '../grants.ts';
import type { ServiceConfigRecord, ServiceRecord, Unavailability } from '../host.ts';
import { type Attempt, GrowingBuffer } from './growing-buffer.ts';
import { EVERY_ROUND, type Poll } from './poll.ts';
import { ServiceConfigs, type ServiceStatus } from './service-configs.ts';
import { createListBuffer, MAX_SERVICES, readServicePages } from './service-list.ts';

/** Parses the result of QueryServiceConfigW. */
export function parseServiceConfig(buffer: ForeignBuffer): ServiceConfigRecord {
  const { at } = QUERY_SERVICE_CONFIGW;
  return {
    startType: buffer.u32(at.dwStartType),
    binaryPath: buffer.text(at.lpBinaryPathName),
    account: buffer.text(at.lpServiceStartName),
  };
}

/** Reads the services of this machine into buffers that it keeps, by a connection to the SCM that it keeps. */
export class ServiceReader {
  readonly #list = createListBuffer();
  readonly #config = new GrowingBuffer(8 * 1024);
  readonly #configs = new ServiceConfigs();
  #manager: Handle | undefined;

  /** All Win32 services in all states. Throws Win32Error when the SCM refuses; the next read connects again. */
  read(): { services: ServiceRecord[]; degraded: Unavailability[] } {
    try {
      return this.#read();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Closes the connection to the SCM; a later read opens another one. */
  close(): void {
    this.#manager?.[Symbol.dispose]();
    this.#manager = undefined;
  }

  #read(): { services: ServiceRecord[]; degraded: Unavailability[] } {
    this.#manager ??= new Handle(
      checkHandle('OpenSCManagerW', OpenSCManagerW(null, null, SC_MANAGER_CONNECT | SC_MANAGER_ENUMERATE_SERVICE)),
      CloseServiceHandle,
    );
    const manager = this.#manager.value;
    const statuses = this.#enumerate(manager);
    const { services, stale } = this.#configs.update(statuses, (name) => this.#readConfig(manager, name));
    const degraded: Unavailability[] = [];
    const protectedOnes = services.filter(({ configUnavailable }) => configUnavailable?.code === ERROR_ACCESS_DENIED);
    if (protectedOnes.length > 0) degraded.push(protectedServices(protectedOnes));
    if (stale.length > 0) degraded.push(staleConfigs(stale));
    if (statuses.length === MAX_SERVICES)
      degraded.push({
        part: 'services',
        reason: `only the first ${MAX_SERVICES} are read`,
        consequence: PART_GRANTS.tooManyServices.consequence,
      });
    return { services, degraded };
  }

  #enumerate(manager: bigint): ServiceStatus[] {
    const needed = new Uint32Array(1);
    const returned = new Uint32Array(1);
    const resume = new Uint32Array(1);
    return readServicePages((buffer, from) => {
      resume[0] = from;
      const ok = EnumServicesStatusExW(
        manager,
        SC_ENUM_PROCESS_INFO,
        SERVICE_WIN32,
        SERVICE_STATE_ALL,
        buffer,
        buffer.length,
        needed,
        returned,
        resume,
        null,
      );
      const code = ok === 0 ? GetLastError() : ERROR_SUCCESS;
      return { code, returned: returned[0]!, needed: needed[0]!, resume: resume[0]! };
    }, this.#list);
  }

  #readConfig(manager: bigint, name: string): ServiceConfigRecord {
    using service = new Handle(
      checkHandle('OpenServiceW', OpenServiceW(manager, name, SERVICE_QUERY_CONFIG)),
      CloseServiceHandle,
    );
    const needed = new Uint32Array(1);
    const bytes = this.#config.fill('QueryServiceConfigW', (buffer) => {
      if (QueryServiceConfigW(service.value, buffer, buffer.length, needed) !== 0) return { done: true };
      return tooSmall('QueryServiceConfigW', GetLastError(), needed[0]!);
    });
    return { ...parseServiceConfig(new ForeignBuffer(bytes)), ...this.#optional(service.value) };
  }

  /** Delayed start and triggers. A field that the system does not report is left out. */
  #optional(service: bigint): Pick<ServiceConfigRecord, 'delayedAutoStart' | 'triggers'> {
    const delayed = this.#config2(service, SERVICE_CONFIG_DELAYED_AUTO_START_INFO)?.u32(
      SERVICE_DELAYED_AUTO_START_INFO.at.fDelayedAutostart,
    );
    const triggers = this.#config2(service, SERVICE_CONFIG_TRIGGER_INFO)?.u32(SERVICE_TRIGGER_INFO.at.cTriggers);
    return {
      ...(delayed === undefined ? {} : { delayedAutoStart: delayed !== 0 }),
      ...(triggers === undefined ? {} : { triggers }),
    };
  }

  #config2(service: bigint, level: number): ForeignBuffer | undefined {
    const needed = new Uint32Array(1);
    try {
      const bytes = this.#config.fill('QueryServiceConfig2W', (buffer) => {
        if (QueryServiceConfig2W(service, level, buffer, buffer.length, needed) !== 0) return { done: true };
        return tooSmall('QueryServiceConfig2W', GetLastError(), needed[0]!);
      });
      return new ForeignBuffer(bytes);
    } catch {
      // Older systems and Wine do not know every level. The record leaves the field out.
      return undefined;
    }
  }
}

function tooSmall(call: string, code: number, needed: number): Attempt {
  if (code !== ERROR_MORE_DATA && code !== ERROR_INSUFFICIENT_BUFFER) throw new Win32Error(call, code);
  return { done: false, needed, code };
}

/** One line for all services with a refused configuration; the record of each has its own reason. */
export function protectedServices(services: readonly ServiceRecord[]): Unavailability {
  return {
    part: services.length === 1 ? 'configuration of one service' : `configuration of ${services.length} services`,
    reason: `access denied, e.g. to ${services[0]!.name}`,
    code: ERROR_ACCESS_DENIED,
    requiredRight: PART_GRANTS.serviceConfiguration.requiredRight,
    consequence: PART_GRANTS.serviceConfiguration.consequence,
  };
}

/** One line for all services whose configuration could be read before, but not again. */
export function staleConfigs(problems: readonly Unavailability[]): Unavailability {
  return {
    part:
      problems.length === 1 ? 'new configuration of one service' : `new configuration of ${problems.length} services`,
    reason: `${problems[0]!.reason}, e.g. ${problems[0]!.part}`,
    consequence: PART_GRANTS.newServiceConfiguration.consequence,
  };
}

export function createServicePoll(): Poll<'services'> {
  const reader = new ServiceReader();
  return {
    kind: 'services',
    schedule: EVERY_ROUND,
    grant: KIND_GRANTS.services,
    read: () => {
      const { services, degraded } = reader.read();
      return { data: services, degraded, result: services };
    },
    close: () => reader.close(),
  };
}
