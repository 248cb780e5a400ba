// Accounts that services run as, by SID, where one service alone has one: a reservation for it is the service's.
import { sidLength, sidText } from '../../../base/sid.ts';
import { GetTokenInformation, OpenProcessToken, TOKEN_QUERY, TokenUser } from '../../../native/advapi32/token.ts';
import { ForeignBuffer } from '../../../native/buffer.ts';
import { checkBool, checkHandle } from '../../../native/check.ts';
import { Handle } from '../../../native/handle.ts';
import { CloseHandle, OpenProcess, PROCESS_QUERY_LIMITED_INFORMATION } from '../../../native/kernel32.ts';
import type { ServiceRecord } from '../../host.ts';

const TOKEN_BYTES = 1024;
/** Processes that are opened for one reading. */
const MAX_ACCOUNTS = 200;

/** Accounts of machines, domains and Entra ID; all others are the system's own. https://learn.microsoft.com/windows/win32/secauthz/well-known-sids */
export function isAccountSid(sid: string): boolean {
  return /^S-1-(?:5-21|12-1)-/i.test(sid);
}

/** Accounts that many services run under, and those that services have of their own. */
function isSystemAccount(account: string): boolean {
  return account === '' || /^(?:localsystem$|nt authority\\|nt service\\)/i.test(account);
}

/**
 * Services that run, by the SID of the account that no other service has. The account is that of the process, so no directory is
 * asked; `failed` has what each one that could not be read threw.
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
  if (byAccount.size > MAX_ACCOUNTS) failed.push(new Error(`only the first ${MAX_ACCOUNTS} accounts are looked at`));
  // `.\\x` and `HOST\\x` are one account.
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
