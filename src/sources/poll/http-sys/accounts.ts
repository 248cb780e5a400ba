// SIDs of accounts that only one service runs as: a URL reservation for such an account belongs to that service.
import { sidLength, sidText } from '../../../base/sid.ts';
import { GetTokenInformation, OpenProcessToken, TOKEN_QUERY, TokenUser } from '../../../native/advapi32/token.ts';
import { ForeignBuffer } from '../../../native/buffer.ts';
import { checkBool, checkHandle } from '../../../native/check.ts';
import { Handle } from '../../../native/handle.ts';
import { CloseHandle, OpenProcess, PROCESS_QUERY_LIMITED_INFORMATION } from '../../../native/kernel32.ts';
import type { ServiceRecord } from '../../host.ts';

const TOKEN_BYTES = 1024;
/** Limit of processes that are opened in one read. */
const MAX_ACCOUNTS = 200;

/**
 * Whether an account is of a machine, a domain or Entra ID. All others are built into the system.
 * https://learn.microsoft.com/windows/win32/secauthz/well-known-sids
 */
export function isAccountSid(sid: string): boolean {
  return /^S-1-(?:5-21|12-1)-/i.test(sid);
}

/** Whether an account is built in, or the virtual account of a service. */
function isSystemAccount(account: string): boolean {
  return account === '' || /^(?:localsystem$|nt authority\\|nt service\\)/i.test(account);
}

/**
 * Running services by the SID of an account that no other service has. The SID comes from the token of the process, so
 * that no directory service is queried. `failed` has the errors of accounts that could not be read.
 */
export function soleAccounts(
  services: readonly ServiceRecord[],
  sidOf: (pid: number) => string = readProcessSid,
): { bySid: Map<string, string>; failed: unknown[] } {
  const byAccount = new Map<string, ServiceRecord[]>();
  for (const service of services) {
    const account = service.config?.account.toLowerCase() ?? '';
    if (service.pid === 0 || isSystemAccount(account)) continue;
    byAccount.set(account, [...(byAccount.get(account) ?? []), service]);
  }
  const names = new Map<string, string[]>();
  const failed: unknown[] = [];
  for (const [first, ...others] of [...byAccount.values()].slice(0, MAX_ACCOUNTS)) {
    if (others.length > 0) continue;
    try {
      const sid = sidOf(first!.pid);
      names.set(sid, [...(names.get(sid) ?? []), first!.name]);
    } catch (error) {
      failed.push(error);
    }
  }
  if (byAccount.size > MAX_ACCOUNTS) failed.push(new Error(`only the first ${MAX_ACCOUNTS} accounts are read`));
  // `.\x` and `HOST\x` are the same account, so a SID may have two names.
  return {
    bySid: new Map(
      [...names].flatMap(([sid, [name, second]]) => (second === undefined ? [[sid, name!] as const] : [])),
    ),
    failed,
  };
}

/** The SID of the account that a process runs as. Throws Win32Error. */
function readProcessSid(pid: number): string {
  using process = new Handle(
    checkHandle('OpenProcess', OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, 0, pid)),
    CloseHandle,
  );
  const opened = new BigUint64Array(1);
  checkBool('OpenProcessToken', OpenProcessToken(process.value, TOKEN_QUERY, opened));
  using token = new Handle(opened[0]!, CloseHandle);
  const buffer = new ForeignBuffer(Buffer.alloc(TOKEN_BYTES));
  checkBool(
    'GetTokenInformation',
    GetTokenInformation(token.value, TokenUser, buffer.bytes, buffer.bytes.length, new Uint32Array(1)),
  );
  // TOKEN_USER begins with the pointer to the SID.
  const sid = buffer.pointer(0);
  return sidText(buffer.slice(sid, sidLength(buffer.u8(sid + 1))));
}
