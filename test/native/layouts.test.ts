// Compares each struct layout with the Windows headers through a C compiler: offsets, sizes and coverage of fields.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { whyNoCompiler } from '../../scripts/lib/mingw.ts';
import type { Layout } from '../../src/native/ffi.ts';
import * as events from '../../src/native/wevtapi/events.ts';
import * as log from '../../src/native/wevtapi/log.ts';
import * as rendering from '../../src/native/wevtapi/rendering.ts';
import { gpuDeclarations } from '../helpers/gpu-declarations.ts';

/** Differences between a layout and its C declaration. */
interface Expectation {
  readonly type: string;
  /** Member path in C of each field with another name there. */
  readonly members?: Readonly<Record<string, string>>;
  /** The documented declaration, for a struct that the headers of mingw-w64 lack. */
  readonly declaration?: string;
  /** Fields that the headers do not name, with the offset from another source. */
  readonly undocumented?: Readonly<Record<string, number>>;
  /** The reason why `size` may be less than that of the struct. */
  readonly cutOff?: string;
}

const inline = (member: string, fields: readonly string[]) =>
  Object.fromEntries(fields.map((field) => [field, `${member}.${field}`]));
const prefixed = (prefix: string, member: string, fields: readonly string[]) =>
  Object.fromEntries(fields.map((field) => [`${prefix}${field}`, `${member}.${field}`]));

const expectations: Readonly<Record<string, Expectation>> = {
  ENUM_SERVICE_STATUS_PROCESSW: {
    type: 'ENUM_SERVICE_STATUS_PROCESSW',
    members: inline('ServiceStatusProcess', [
      'dwServiceType',
      'dwCurrentState',
      'dwControlsAccepted',
      'dwWin32ExitCode',
      'dwServiceSpecificExitCode',
      'dwCheckPoint',
      'dwWaitHint',
      'dwProcessId',
      'dwServiceFlags',
    ]),
  },
  HTTP_SERVICE_CONFIG_URLACL_QUERY: {
    type: 'HTTP_SERVICE_CONFIG_URLACL_QUERY',
    members: { pUrlPrefix: 'KeyDesc.pUrlPrefix' },
  },
  HTTP_SERVICE_CONFIG_URLACL_SET: {
    type: 'HTTP_SERVICE_CONFIG_URLACL_SET',
    members: { pUrlPrefix: 'KeyDesc.pUrlPrefix', pStringSecurityDescriptor: 'ParamDesc.pStringSecurityDescriptor' },
  },
  QUERY_SERVICE_CONFIGW: { type: 'QUERY_SERVICE_CONFIGW' },
  SERVICE_DELAYED_AUTO_START_INFO: { type: 'SERVICE_DELAYED_AUTO_START_INFO' },
  SERVICE_TRIGGER_INFO: {
    type: 'SERVICE_TRIGGER_INFO',
    declaration: 'typedef struct { DWORD cTriggers; void *pTriggers; PBYTE pReserved; } SERVICE_TRIGGER_INFO;',
  },
  SERVICE_STATUS_PROCESS: { type: 'SERVICE_STATUS_PROCESS' },
  SERVICE_STATUS: { type: 'SERVICE_STATUS' },
  SERVICE_TABLE_ENTRYW: { type: 'SERVICE_TABLE_ENTRYW' },
  SERVICE_DESCRIPTIONW: { type: 'SERVICE_DESCRIPTIONW' },
  SERVICE_FAILURE_ACTIONSW: { type: 'SERVICE_FAILURE_ACTIONSW' },
  SC_ACTION: { type: 'SC_ACTION' },
  SERVICE_FAILURE_ACTIONS_FLAG: { type: 'SERVICE_FAILURE_ACTIONS_FLAG' },
  SERVICE_SID_INFO: { type: 'SERVICE_SID_INFO' },
  SERVICE_REQUIRED_PRIVILEGES_INFOW: { type: 'SERVICE_REQUIRED_PRIVILEGES_INFOW' },
  SERVICE_PRESHUTDOWN_INFO: { type: 'SERVICE_PRESHUTDOWN_INFO' },
  SECURITY_DESCRIPTOR_RELATIVE: { type: 'SECURITY_DESCRIPTOR_RELATIVE' },
  SECURITY_ATTRIBUTES: { type: 'SECURITY_ATTRIBUTES' },
  ACL: { type: 'ACL' },
  ACCESS_ALLOWED_ACE: {
    type: 'ACCESS_ALLOWED_ACE',
    members: { AceType: 'Header.AceType', AceFlags: 'Header.AceFlags', AceSize: 'Header.AceSize' },
  },
  WINHTTP_PROXY_INFO: { type: 'WINHTTP_PROXY_INFO' },
  LOCALGROUP_MEMBERS_INFO_0: { type: 'LOCALGROUP_MEMBERS_INFO_0' },
  ...gpuDeclarations,
  PDH_RAW_COUNTER_ITEM_W: {
    type: 'PDH_RAW_COUNTER_ITEM_W',
    members: inline('RawValue', ['CStatus', 'TimeStamp', 'FirstValue', 'SecondValue', 'MultiCount']),
  },
  JOBOBJECT_CPU_RATE_CONTROL_INFORMATION: { type: 'JOBOBJECT_CPU_RATE_CONTROL_INFORMATION' },
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION: {
    type: 'JOBOBJECT_EXTENDED_LIMIT_INFORMATION',
    members: {
      ...inline('BasicLimitInformation', [
        'PerProcessUserTimeLimit',
        'PerJobUserTimeLimit',
        'LimitFlags',
        'MinimumWorkingSetSize',
        'MaximumWorkingSetSize',
        'ActiveProcessLimit',
        'Affinity',
        'PriorityClass',
        'SchedulingClass',
      ]),
      ...inline('IoInfo', [
        'ReadOperationCount',
        'WriteOperationCount',
        'OtherOperationCount',
        'ReadTransferCount',
        'WriteTransferCount',
        'OtherTransferCount',
      ]),
    },
  },
  LUID_AND_ATTRIBUTES: {
    type: 'LUID_AND_ATTRIBUTES',
    members: { LuidLowPart: 'Luid.LowPart', LuidHighPart: 'Luid.HighPart' },
  },
  TOKEN_PRIVILEGES: {
    type: 'TOKEN_PRIVILEGES',
    members: {
      LuidLowPart: 'Privileges[0].Luid.LowPart',
      LuidHighPart: 'Privileges[0].Luid.HighPart',
      Attributes: 'Privileges[0].Attributes',
    },
  },
  OSVERSIONINFOW: { type: 'OSVERSIONINFOW', cutOff: 'szCSDVersion follows' },
  MIB_TCPROW_OWNER_PID: { type: 'MIB_TCPROW_OWNER_PID' },
  MIB_TCPROW: { type: 'MIB_TCPROW', members: { State: 'dwState' } },
  MIB_TCP6ROW: { type: 'MIB_TCP6ROW' },
  TCP_ESTATS_DATA_ROD_v0: { type: 'TCP_ESTATS_DATA_ROD_v0' },
  TCP_ESTATS_PATH_ROD_v0: { type: 'TCP_ESTATS_PATH_ROD_v0', members: { BetweenRetransAndRtt: 'DupAcksIn' } },
  MIB_TCP6ROW_OWNER_PID: { type: 'MIB_TCP6ROW_OWNER_PID' },
  MIB_TCPROW_OWNER_MODULE: { type: 'MIB_TCPROW_OWNER_MODULE' },
  MIB_TCP6ROW_OWNER_MODULE: { type: 'MIB_TCP6ROW_OWNER_MODULE' },
  TCPIP_OWNER_MODULE_BASIC_INFO: { type: 'TCPIP_OWNER_MODULE_BASIC_INFO' },
  IP_ADAPTER_ADDRESSES: {
    type: 'IP_ADAPTER_ADDRESSES_LH',
    members: {
      Dhcpv4ServerSockaddr: 'Dhcpv4Server.lpSockaddr',
      Dhcpv4ServerSockaddrLength: 'Dhcpv4Server.iSockaddrLength',
    },
    // Tail padding of SOCKET_ADDRESS, which has no name in C: 4 bytes after its int.
    undocumented: { Dhcpv4ServerPadding: 244 },
    cutOff: 'read up to CompartmentId',
  },
  IP_ADAPTER_UNICAST_ADDRESS: {
    type: 'IP_ADAPTER_UNICAST_ADDRESS_LH',
    members: { AddressSockaddr: 'Address.lpSockaddr', AddressSockaddrLength: 'Address.iSockaddrLength' },
    cutOff: 'read up to Address',
  },
  SOCKADDR_IN: { type: 'struct sockaddr_in', cutOff: 'sin_zero follows' },
  SOCKADDR_IN6: { type: 'struct sockaddr_in6', cutOff: 'sin6_scope_id follows' },
  MEMORYSTATUSEX: { type: 'MEMORYSTATUSEX' },
  PERFORMANCE_INFORMATION: { type: 'PERFORMANCE_INFORMATION' },
  DISK_PERFORMANCE: { type: 'DISK_PERFORMANCE' },
  MIB_IF_ROW2: { type: 'MIB_IF_ROW2' },
  MIB_IFSTACK_ROW: { type: 'MIB_IFSTACK_ROW' },
  SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION: {
    type: 'SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION',
    // The header has these two as Reserved1, and the count as Reserved2.
    members: { DpcTime: 'Reserved1[0]', InterruptTime: 'Reserved1[1]', InterruptCount: 'Reserved2' },
  },
  SYSTEM_MEMORY_LIST_INFORMATION: {
    type: 'SYSTEM_MEMORY_LIST_INFORMATION',
    declaration:
      'typedef struct { ULONG_PTR ZeroPageCount, FreePageCount, ModifiedPageCount, ModifiedNoWritePageCount, ' +
      'BadPageCount, PageCountByPriority[8], RepurposedPagesByPriority[8], ModifiedPageCountPageFile; } ' +
      'SYSTEM_MEMORY_LIST_INFORMATION;',
  },
  EVENT_TRACE_PROPERTIES: {
    type: 'EVENT_TRACE_PROPERTIES',
    members: prefixed('Wnode', 'Wnode', [
      'BufferSize',
      'ProviderId',
      'HistoricalContext',
      'TimeStamp',
      'Guid',
      'ClientContext',
      'Flags',
    ]),
  },
  EVENT_TRACE_LOGFILEW: {
    type: 'EVENT_TRACE_LOGFILEW',
    members: {
      HeaderBeforeCpuSpeed: 'LogfileHeader',
      CpuSpeedInMHz: 'LogfileHeader.CpuSpeedInMHz',
      HeaderAfterCpuSpeed: 'LogfileHeader.LoggerName',
    },
  },
  EVENT_RECORD: {
    type: 'EVENT_RECORD',
    members: {
      ...inline('EventHeader', [
        'Size',
        'HeaderType',
        'Flags',
        'EventProperty',
        'ThreadId',
        'ProcessId',
        'TimeStamp',
        'ProviderId',
        'ProcessorTime',
        'ActivityId',
      ]),
      ...inline('EventHeader.EventDescriptor', ['Id', 'Version', 'Channel', 'Level', 'Opcode', 'Task', 'Keyword']),
    },
  },
  EVENT_HEADER_EXTENDED_DATA_ITEM: {
    type: 'EVENT_HEADER_EXTENDED_DATA_ITEM',
    // A bit field has no offset in C; the offset follows from the two neighbouring fields.
    undocumented: { Linkage: 4 },
  },
  ENABLE_TRACE_PARAMETERS: { type: 'ENABLE_TRACE_PARAMETERS' },
  EVENT_FILTER_DESCRIPTOR: { type: 'EVENT_FILTER_DESCRIPTOR' },
  EVENT_FILTER_EVENT_ID: {
    type: 'EVENT_FILTER_EVENT_ID',
    declaration:
      'typedef struct { BOOLEAN FilterIn; UCHAR Reserved; USHORT Count; USHORT Events[ANYSIZE_ARRAY]; } ' +
      'EVENT_FILTER_EVENT_ID; _Static_assert(offsetof(EVENT_FILTER_EVENT_ID, Events) == 4, "first id");',
    cutOff: 'Events follow',
  },
  SYSTEM_PROCESS_INFORMATION: {
    type: 'SYSTEM_PROCESS_INFORMATION',
    members: {
      ...prefixed('ImageName', 'ImageName', ['Length', 'MaximumLength', 'Buffer']),
      ...inline('VirtualMemoryCounters', [
        'PeakVirtualSize',
        'VirtualSize',
        'PageFaultCount',
        'PeakWorkingSetSize',
        'WorkingSetSize',
        'QuotaPeakPagedPoolUsage',
        'QuotaPagedPoolUsage',
        'QuotaPeakNonPagedPoolUsage',
        'QuotaNonPagedPoolUsage',
        'PagefileUsage',
        'PeakPagefileUsage',
      ]),
      ...inline('IoCounters', [
        'ReadOperationCount',
        'WriteOperationCount',
        'OtherOperationCount',
        'ReadTransferCount',
        'WriteTransferCount',
        'OtherTransferCount',
      ]),
      // The header declares these fields and the two counts below as LARGE_INTEGER Reserved[3].
      WorkingSetPrivateSize: 'Reserved[0]',
      CycleTime: 'Reserved[2]',
    },
    // Offsets of the phnt headers (https://ntdoc.m417z.com/system_process_information): the header of mingw-w64 has the
    // counts as Reserved[1], and the key under an older name.
    undocumented: { HardFaultCount: 16, NumberOfThreadsHighWatermark: 20, UniqueProcessKey: 104 },
  },
  SYSTEM_THREAD_INFORMATION: {
    type: 'SYSTEM_THREAD_INFORMATION',
    members: {
      ...prefixed('ClientId', 'ClientId', ['UniqueProcess', 'UniqueThread']),
      // The header has the times as Reserved1, then the wait time and the context switches as Reserved2 and Reserved3.
      KernelTime: 'Reserved1[0]',
      UserTime: 'Reserved1[1]',
      CreateTime: 'Reserved1[2]',
      WaitTime: 'Reserved2',
      ContextSwitches: 'Reserved3',
    },
  },
  SYSTEM_PROCESS_INFORMATION_EXTENSION: {
    type: 'SYSTEM_PROCESS_INFORMATION_EXTENSION',
    // https://ntdoc.m417z.com/system_process_information_extension; the energy values are 272 bytes of ULONGLONGs.
    declaration:
      'typedef struct { ULONGLONG BytesRead, BytesWritten, ReadOperationCount, WriteOperationCount, ' +
      'FlushOperationCount, ContextSwitches; ULONG Flags, UserSidOffset, PackageFullNameOffset; ' +
      'ULONGLONG EnergyValues[34]; ULONG AppIdOffset; SIZE_T SharedCommitCharge; ULONG JobObjectId, SpareUlong; ' +
      'ULONGLONG ProcessSequenceNumber; } SYSTEM_PROCESS_INFORMATION_EXTENSION;',
  },
  SYSTEM_PROCESS_ID_INFORMATION: {
    type: 'SYSTEM_PROCESS_ID_INFORMATION',
    members: prefixed('ImageName', 'ImageName', ['Length', 'MaximumLength', 'Buffer']),
    // https://ntdoc.m417z.com/system_process_id_information
    declaration: 'typedef struct { HANDLE ProcessId; UNICODE_STRING ImageName; } SYSTEM_PROCESS_ID_INFORMATION;',
  },
  UNICODE_STRING: { type: 'UNICODE_STRING' },
  OBJECT_ATTRIBUTES: { type: 'OBJECT_ATTRIBUTES' },
  OBJECT_DIRECTORY_INFORMATION: {
    type: 'OBJECT_DIRECTORY_INFORMATION',
    members: {
      ...prefixed('Name', 'Name', ['Length', 'MaximumLength', 'Buffer']),
      ...prefixed('TypeName', 'TypeName', ['Length', 'MaximumLength', 'Buffer']),
    },
    // https://learn.microsoft.com/windows/win32/devnotes/ntquerydirectoryobject
    declaration: 'typedef struct { UNICODE_STRING Name; UNICODE_STRING TypeName; } OBJECT_DIRECTORY_INFORMATION;',
  },
  EVT_VARIANT: { type: 'EVT_VARIANT' },
  JOBOBJECT_BASIC_PROCESS_ID_LIST: { type: 'JOBOBJECT_BASIC_PROCESS_ID_LIST', cutOff: 'the list follows' },
};

const headers = [
  'winsock2.h',
  'ws2tcpip.h',
  'windows.h',
  'winsvc.h',
  'iphlpapi.h',
  'winhttp.h',
  'netioapi.h',
  'winternl.h',
  'psapi.h',
  'winioctl.h',
  'lm.h',
  'http.h',
  'pdh.h',
  'tcpestats.h',
  'evntrace.h',
  'evntcons.h',
  'winevt.h',
];

function cSource(layouts: ReadonlyMap<string, Layout<string>>): string {
  const lines = [
    '#define _WIN32_WINNT 0x0A00',
    '#include <stddef.h>',
    ...headers.map((header) => `#include <${header}>`),
  ];
  const say = (condition: string) => lines.push(`_Static_assert(${condition}, ${JSON.stringify(condition)});`);
  for (const [name, layout] of layouts) {
    const { type, members = {}, undocumented = {}, cutOff, declaration } = expectations[name]!;
    if (declaration) lines.push(declaration);
    for (const [field, at] of Object.entries(layout.at)) {
      if (!(field in undocumented)) say(`offsetof(${type}, ${members[field] ?? field}) == ${at}`);
    }
    say(`sizeof(${type}) ${cutOff ? '>=' : '=='} ${layout.size}`);
  }
  // The parsers rely on the offset of the first row of each table, and on these other properties.
  lines.push('_Static_assert(offsetof(MIB_TCPTABLE_OWNER_PID, table) == 4, "first IPv4 row");');
  lines.push('_Static_assert(offsetof(MIB_TCP6TABLE_OWNER_PID, table) == 4, "first IPv6 row");');
  lines.push('_Static_assert(offsetof(MIB_TCPTABLE_OWNER_MODULE, table) == 8, "first IPv4 row with a module");');
  lines.push('_Static_assert(offsetof(MIB_TCP6TABLE_OWNER_MODULE, table) == 8, "first IPv6 row with a module");');
  lines.push('_Static_assert(offsetof(MIB_IF_TABLE2, Table) == 8, "first interface row");');
  lines.push('_Static_assert(offsetof(MIB_IFSTACK_TABLE, Table) == 4, "first stack row");');
  lines.push('_Static_assert(offsetof(TOKEN_USER, User.Sid) == 0, "SID of the user");');
  lines.push('_Static_assert(sizeof(BY_HANDLE_FILE_INFORMATION) == 52, "file information");');
  lines.push('_Static_assert(offsetof(BY_HANDLE_FILE_INFORMATION, dwFileAttributes) == 0, "attributes");');
  lines.push('_Static_assert(offsetof(SID, SubAuthority) == 8, "first part of a SID");');
  lines.push('_Static_assert(sizeof(HTTPAPI_VERSION) == 4, "a version goes in one register");');
  lines.push('_Static_assert(offsetof(TOKEN_PRIVILEGES, Privileges) == 4, "first privilege");');
  for (const [name, value] of Object.entries({ ...events, ...rendering, ...log }))
    if (typeof value === 'number') say(`${name} == ${value}`);
  lines.push('_Static_assert(sizeof(EVT_HANDLE) == 8, "handles in an array of EvtNext");');
  lines.push('_Static_assert(sizeof(((OSVERSIONINFOW *)0)->szCSDVersion) == 256, "szCSDVersion");');
  return `${lines.join('\n')}\n`;
}

function compile(source: string): { ok: boolean; messages: string } {
  const result = spawnSync('x86_64-w64-mingw32-gcc', ['-std=c11', '-fsyntax-only', '-x', 'c', '-'], {
    input: source,
    encoding: 'utf8',
  });
  return { ok: result.status === 0, messages: result.stderr };
}

function isLayout(value: unknown): value is Layout<string> {
  return typeof value === 'object' && value !== null && 'size' in value && 'at' in value;
}

async function allLayouts(): Promise<Map<string, Layout<string>>> {
  const native = join(import.meta.dirname, '../../src/native');
  const found = new Map<string, Layout<string>>();
  for (const file of globSync('**/*.ts', { cwd: native })) {
    const exported = (await import(pathToFileURL(join(native, file)).href)) as Record<string, unknown>;
    for (const [name, value] of Object.entries(exported)) if (isLayout(value)) found.set(name, value);
  }
  return found;
}

const layouts = await allLayouts();
const skip = await whyNoCompiler();

test('each layout in src/native has an expectation here, and each expectation has a layout', () => {
  assert.deepEqual([...layouts.keys()].sort(), Object.keys(expectations).sort());
});

test('fields without a name in the headers have the offset of their source', () => {
  for (const [name, { undocumented = {} }] of Object.entries(expectations)) {
    for (const [field, at] of Object.entries(undocumented))
      assert.equal(layouts.get(name)!.at[field], at, `${name}.${field}`);
  }
});

test('each field and size equals that of the Windows headers', { skip }, () => {
  const { ok, messages } = compile(cSource(layouts));
  assert.ok(ok, messages);
});

test('the comparison reports a field at a wrong offset', { skip }, () => {
  const original = layouts.get('QUERY_SERVICE_CONFIGW')!;
  const wrong = { size: original.size, at: { ...original.at, lpBinaryPathName: original.at.lpBinaryPathName! - 4 } };
  const { ok, messages } = compile(cSource(new Map([['QUERY_SERVICE_CONFIGW', wrong]])));
  assert.equal(ok, false);
  assert.match(messages, /offsetof\(QUERY_SERVICE_CONFIGW, lpBinaryPathName\) == 12/);
});
