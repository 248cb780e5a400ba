// Enables the providers in a session, with a kernel filter for the requested event ids.
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
import { withPointers } from '../../native/pointers.ts';
import { ERROR_SUCCESS } from '../../native/win32-error.ts';
import type { Unavailability } from '../host.ts';
import { unavailability } from '../unavailable.ts';
import { guidBytes } from './guid.ts';
import type { EtwProvider } from './provider.ts';
import { providers } from './providers/index.ts';

/** A silo is the kernel object in which a process-isolated Windows container runs. */
const IN_CONTAINERS = EVENT_ENABLE_PROPERTY_ENABLE_SILOS | EVENT_ENABLE_PROPERTY_SOURCE_CONTAINER_TRACKING;

/**
 * Enables each provider. `degraded` names those that fail, and those whose events from Windows containers are missing.
 */
export function enableProviders(session: bigint): { enabled: string[]; degraded: Unavailability[] } {
  const enabled: string[] = [];
  const degraded: Unavailability[] = [];
  for (const provider of providers) {
    try {
      if (provider.inProcesses && !enableInContainers(session, provider)) {
        degraded.push({
          part: `events of ${provider.title} in Windows containers`,
          reason: 'this version of Windows does not deliver them to a session of the host',
          consequence: `${provider.grant.consequence}, of Windows containers`,
        });
      } else if (!provider.inProcesses)
        checkError('EnableTraceEx2', control(session, provider, EVENT_CONTROL_CODE_ENABLE_PROVIDER, 0));
      enabled.push(provider.title);
      // Not every version of Windows supports a rundown. The result is ignored: the TCP tables name the owners as well.
      if (provider.rundown) control(session, provider, EVENT_CONTROL_CODE_CAPTURE_STATE, 0);
    } catch (error) {
      degraded.push(unavailability(`events of ${provider.title}`, error, provider.grant));
    }
  }
  return { enabled, degraded };
}

/**
 * False when the provider is enabled without the flags for containers. Microsoft does not document which versions of
 * Windows accept them, nor the error of those that do not, so any failure leads to a second attempt without them.
 */
function enableInContainers(session: bigint, provider: EtwProvider): boolean {
  if (control(session, provider, EVENT_CONTROL_CODE_ENABLE_PROVIDER, IN_CONTAINERS) === ERROR_SUCCESS) return true;
  checkError('EnableTraceEx2', control(session, provider, EVENT_CONTROL_CODE_ENABLE_PROVIDER, 0));
  return false;
}

function control(
  session: bigint,
  { guid, anyKeyword, level, events }: EtwProvider,
  code: number,
  properties: number,
): number {
  const filter = eventIdFilter(Object.keys(events).map(Number));
  const descriptor = Buffer.alloc(EVENT_FILTER_DESCRIPTOR.size);
  descriptor.writeUInt32LE(filter.length, EVENT_FILTER_DESCRIPTOR.at.Size);
  descriptor.writeUInt32LE(EVENT_FILTER_TYPE_EVENT_ID, EVENT_FILTER_DESCRIPTOR.at.Type);
  const { at, size } = ENABLE_TRACE_PARAMETERS;
  const parameters = Buffer.alloc(size);
  parameters.writeUInt32LE(ENABLE_TRACE_PARAMETERS_VERSION_2, at.Version);
  parameters.writeUInt32LE(properties, at.EnableProperty);
  parameters.writeUInt32LE(1, at.FilterDescCount);
  return withPointers((setPointer) => {
    setPointer(descriptor, EVENT_FILTER_DESCRIPTOR.at.Ptr, filter);
    setPointer(parameters, at.EnableFilterDesc, descriptor);
    return EnableTraceEx2(session, guidBytes(guid), code, level, anyKeyword, 0n, 0, parameters);
  });
}

/** With this filter only these events enter the buffers of the session. */
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
