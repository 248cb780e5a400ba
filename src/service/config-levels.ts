// The optional configuration of a service: encodes each level for ChangeServiceConfig2W and parses
// QueryServiceConfig2W.
import { SERVICE_CONFIG_DELAYED_AUTO_START_INFO, SERVICE_DELAYED_AUTO_START_INFO } from '../native/advapi32/service.ts';
import {
  SC_ACTION,
  SC_ACTION_RESTART,
  SERVICE_CONFIG_DESCRIPTION,
  SERVICE_CONFIG_FAILURE_ACTIONS,
  SERVICE_CONFIG_FAILURE_ACTIONS_FLAG,
  SERVICE_CONFIG_PRESHUTDOWN_INFO,
  SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO,
  SERVICE_CONFIG_SERVICE_SID_INFO,
  SERVICE_DESCRIPTIONW,
  SERVICE_FAILURE_ACTIONS_FLAG,
  SERVICE_FAILURE_ACTIONSW,
  SERVICE_PRESHUTDOWN_INFO,
  SERVICE_REQUIRED_PRIVILEGES_INFOW,
  SERVICE_SID_INFO,
} from '../native/advapi32/service-control.ts';
import type { ForeignBuffer } from '../native/buffer.ts';
import type { SetPointer } from '../native/pointers.ts';

export interface ConfigLevel<T> {
  readonly level: number;
  /** The struct for ChangeServiceConfig2W, with pointers that are valid during the call. */
  readonly encode: (value: T, setPointer: SetPointer) => Buffer;
  readonly parse: (buffer: ForeignBuffer) => T;
  /** For messages. */
  readonly text: (value: T) => string;
}

export interface FailureActions {
  readonly resetSeconds: number;
  /** Delay after each failure; the last one holds for all later failures. */
  readonly restartAfterMs: readonly number[];
}

const MAX_ACTIONS = 100;
const MAX_PRIVILEGES = 100;

function dword(size: number, at: number, value: number): Buffer {
  const info = Buffer.alloc(size);
  info.writeUInt32LE(value, at);
  return info;
}

const yesNo = (value: boolean): string => (value ? 'yes' : 'no');

export const description: ConfigLevel<string> = {
  level: SERVICE_CONFIG_DESCRIPTION,
  encode(text, setPointer) {
    const info = Buffer.alloc(SERVICE_DESCRIPTIONW.size);
    setPointer(info, SERVICE_DESCRIPTIONW.at.lpDescription, Buffer.from(`${text}\0`, 'utf16le'));
    return info;
  },
  parse: (buffer) => buffer.text(SERVICE_DESCRIPTIONW.at.lpDescription),
  text: (text) => text,
};

export const delayedStart: ConfigLevel<boolean> = {
  level: SERVICE_CONFIG_DELAYED_AUTO_START_INFO,
  encode: (on) =>
    dword(SERVICE_DELAYED_AUTO_START_INFO.size, SERVICE_DELAYED_AUTO_START_INFO.at.fDelayedAutostart, Number(on)),
  parse: (buffer) => buffer.u32(SERVICE_DELAYED_AUTO_START_INFO.at.fDelayedAutostart) !== 0,
  text: yesNo,
};

export const failureActions: ConfigLevel<FailureActions> = {
  level: SERVICE_CONFIG_FAILURE_ACTIONS,
  encode({ resetSeconds, restartAfterMs }, setPointer) {
    const actions = Buffer.alloc(SC_ACTION.size * restartAfterMs.length);
    for (const [i, delay] of restartAfterMs.entries()) {
      actions.writeInt32LE(SC_ACTION_RESTART, i * SC_ACTION.size + SC_ACTION.at.Type);
      actions.writeUInt32LE(delay, i * SC_ACTION.size + SC_ACTION.at.Delay);
    }
    const { size, at } = SERVICE_FAILURE_ACTIONSW;
    const info = Buffer.alloc(size);
    setPointer(info, at.lpsaActions, actions);
    info.writeUInt32LE(resetSeconds, at.dwResetPeriod);
    info.writeUInt32LE(restartAfterMs.length, at.cActions);
    return info;
  },
  parse(buffer) {
    const { at } = SERVICE_FAILURE_ACTIONSW;
    const start = buffer.pointer(at.lpsaActions);
    const count = start < 0 ? 0 : Math.min(buffer.u32(at.cActions), MAX_ACTIONS);
    const all = Array.from({ length: count }, (_, i) => ({
      type: buffer.u32(start + i * SC_ACTION.size + SC_ACTION.at.Type),
      delay: buffer.u32(start + i * SC_ACTION.size + SC_ACTION.at.Delay),
    }));
    // Any action other than a restart was set by another program: it counts as none of ours.
    const restarts = all.every(({ type }) => type === SC_ACTION_RESTART) ? all.map(({ delay }) => delay) : [];
    return { resetSeconds: buffer.u32(at.dwResetPeriod), restartAfterMs: restarts };
  },
  text: ({ resetSeconds, restartAfterMs }) =>
    restartAfterMs.length === 0
      ? 'none, or actions other than restarts'
      : `restart after ${restartAfterMs.map((ms) => `${ms / 1000} s`).join(', ')}; ` +
        `reset after ${resetSeconds / 3600} h`,
};

export const failureFlag: ConfigLevel<boolean> = {
  level: SERVICE_CONFIG_FAILURE_ACTIONS_FLAG,
  encode: (on) =>
    dword(
      SERVICE_FAILURE_ACTIONS_FLAG.size,
      SERVICE_FAILURE_ACTIONS_FLAG.at.fFailureActionsOnNonCrashFailures,
      Number(on),
    ),
  parse: (buffer) => buffer.u32(SERVICE_FAILURE_ACTIONS_FLAG.at.fFailureActionsOnNonCrashFailures) !== 0,
  text: yesNo,
};

export const sidType: ConfigLevel<number> = {
  level: SERVICE_CONFIG_SERVICE_SID_INFO,
  encode: (type) => dword(SERVICE_SID_INFO.size, SERVICE_SID_INFO.at.dwServiceSidType, type),
  parse: (buffer) => buffer.u32(SERVICE_SID_INFO.at.dwServiceSidType),
  text: (type) => (type === 0 ? 'none' : type === 1 ? 'unrestricted' : type === 3 ? 'restricted' : String(type)),
};

export const requiredPrivileges: ConfigLevel<readonly string[]> = {
  level: SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO,
  encode(names, setPointer) {
    const { size, at } = SERVICE_REQUIRED_PRIVILEGES_INFOW;
    const info = Buffer.alloc(size);
    const list = Buffer.from(`${names.map((name) => `${name}\0`).join('')}\0`, 'utf16le');
    setPointer(info, at.pmszRequiredPrivileges, list);
    return info;
  },
  parse(buffer) {
    const names: string[] = [];
    let at = buffer.pointer(SERVICE_REQUIRED_PRIVILEGES_INFOW.at.pmszRequiredPrivileges);
    while (at >= 0 && names.length < MAX_PRIVILEGES && buffer.u16(at) !== 0) {
      const name = buffer.textAt(at);
      names.push(name);
      at += (name.length + 1) * 2;
    }
    return names;
  },
  text: (names) => (names.length === 0 ? 'all of the account' : names.join(', ')),
};

export const preshutdownTimeout: ConfigLevel<number> = {
  level: SERVICE_CONFIG_PRESHUTDOWN_INFO,
  encode: (ms) => dword(SERVICE_PRESHUTDOWN_INFO.size, SERVICE_PRESHUTDOWN_INFO.at.dwPreshutdownTimeout, ms),
  parse: (buffer) => buffer.u32(SERVICE_PRESHUTDOWN_INFO.at.dwPreshutdownTimeout),
  text: (ms) => `${ms / 1000} s`,
};
