// Turns the providers on in a session: with the events that are asked for filtered in the kernel, inside of Windows containers where that can be.

import {
  ENABLE_TRACE_PARAMETERS,
  ENABLE_TRACE_PARAMETERS_VERSION_2,
  EnableTraceEx2,
  EVENT_CONTROL_CODE_CAPTURE_STATE,
  EVENT_CONTROL_CODE_ENABLE_PROVIDER,
  EVENT_ENABLE_PROPERTY_ENABLE_SILOS,
  EVENT_ENABLE_PROPERTY_SOURCE_CONTAINER_TRACKING,
  EVENT_FILTER_DESCRIPTOR,
  EVENT_FILTER_EVENT_ID,
  EVENT_FILTER_TYPE_EVENT_ID,
} from '../../native/advapi32/trace.ts';
import { checkError } from '../../native/check.ts';
import { addressOf } from '../../native/ffi.ts';
import { ERROR_SUCCESS } from '../../native/win32-error.ts';
import type { Unavailability } from '../host.ts';
import { unavailability } from '../unavailable.ts';
import { guidBytes, type ProviderDefinition, providers } from './providers.ts';

/** Silos are the kernel's name for what process-isolated Windows containers run in. */
const IN_CONTAINERS = EVENT_ENABLE_PROPERTY_ENABLE_SILOS | EVENT_ENABLE_PROPERTY_SOURCE_CONTAINER_TRACKING;

/** Enables every provider that can be; the others, and containers that stay silent, are named in `degraded`. */
export function enableProviders(session: bigint): { enabled: string[]; degraded: Unavailability[] } {
  const enabled: string[] = [];
  const degraded: Unavailability[] = [];
  for (const provider of providers) {
    try {
      if (provider.inProcesses && !enableInContainers(session, provider)) {
        degraded.push({
          part: `events of ${provider.title} in Windows containers`,
          reason: 'this Windows does not give them to a session of the host',
          lost: `${provider.grant.lost}, of Windows containers`,
        });
      } else if (!provider.inProcesses)
        checkError('EnableTraceEx2', control(session, provider, EVENT_CONTROL_CODE_ENABLE_PROVIDER, 0));
      enabled.push(provider.title);
      // Whether a provider answers differs; nothing is lost where it does not: owners are in the TCP tables as well.
      if (provider.rundown) control(session, provider, EVENT_CONTROL_CODE_CAPTURE_STATE, 0);
    } catch (error) {
      degraded.push(unavailability(`events of ${provider.title}`, error, provider.grant));
    }
  }
  return { enabled, degraded };
}

/** Which Windows knows the flags, and how one that does not says so, is not documented: without success it is asked without them. */
function enableInContainers(session: bigint, provider: ProviderDefinition): boolean {
  if (control(session, provider, EVENT_CONTROL_CODE_ENABLE_PROVIDER, IN_CONTAINERS) === ERROR_SUCCESS) return true;
  checkError('EnableTraceEx2', control(session, provider, EVENT_CONTROL_CODE_ENABLE_PROVIDER, 0));
  return false;
}

function control(
  session: bigint,
  { guid, anyKeyword, level, events }: ProviderDefinition,
  code: number,
  properties: number,
): number {
  const filter = eventIdFilter(Object.keys(events).map(Number));
  const descriptor = Buffer.alloc(EVENT_FILTER_DESCRIPTOR.size);
  descriptor.writeBigUInt64LE(addressOf(filter), EVENT_FILTER_DESCRIPTOR.at.Ptr);
  descriptor.writeUInt32LE(filter.length, EVENT_FILTER_DESCRIPTOR.at.Size);
  descriptor.writeUInt32LE(EVENT_FILTER_TYPE_EVENT_ID, EVENT_FILTER_DESCRIPTOR.at.Type);
  const { at, size } = ENABLE_TRACE_PARAMETERS;
  const parameters = Buffer.alloc(size);
  parameters.writeUInt32LE(ENABLE_TRACE_PARAMETERS_VERSION_2, at.Version);
  parameters.writeUInt32LE(properties, at.EnableProperty);
  parameters.writeBigUInt64LE(addressOf(descriptor), at.EnableFilterDesc);
  parameters.writeUInt32LE(1, at.FilterDescCount);
  return EnableTraceEx2(session, guidBytes(guid), code, level, anyKeyword, 0n, 0, parameters);
}

/** Only these events are written into the session's buffers at all. */
function eventIdFilter(ids: readonly number[]): Buffer {
  const { at, size } = EVENT_FILTER_EVENT_ID;
  const filter = Buffer.alloc(size + ids.length * 2);
  filter.writeUInt8(1, at.FilterIn);
  filter.writeUInt16LE(ids.length, at.Count);
  ids.forEach((id, index) => {
    filter.writeUInt16LE(id, size + index * 2);
  });
  return filter;
}
