// Stand-ins for accounts; accounts and domains that exist on every Windows are kept.
import type { NameKind } from './learned-names.ts';
import type { Scrubbing } from './scrubbing.ts';

const wellKnownUsers = new Set(
  [
    ['localsystem', 'local system', 'system', 'networkservice', 'network service', 'localservice', 'local service'],
    ['trustedinstaller', 'administrator', 'guest', 'defaultaccount', 'wdagutilityaccount', 'everyone'],
    ['anonymous logon'],
  ].flat(),
);
const wellKnownUser = (user: string): boolean =>
  wellKnownUsers.has(user.toLowerCase()) || /^(?:dwm|umfd)-\d{1,4}$/i.test(user);
const wellKnownDomain =
  /^(?:nt authority|nt service|nt virtual machine|iis apppool|window manager|font driver host|builtin|\.)$/i;

/** Learns the names in `DOMAIN\user`, `user@domain` or a name alone. */
export function learnAccount(account: string, learn: (kind: NameKind, name: string) => void): void {
  const { domain, user } = splitAccount(account);
  const own = domain === '' || domain === '.' || !wellKnownDomain.test(domain);
  if (domain !== '' && own && domain !== '.') learn('domain', domain);
  if (own && user !== '' && !wellKnownUser(user)) {
    learn('user', user);
    // The account of a computer or of a managed service.
    if (user.endsWith('$')) learn('user', user.slice(0, -1));
  }
}

export function accountStandIn(account: string, scrubber: Scrubbing): string {
  const { domain, user, joint } = splitAccount(account);
  const local = domain === '' || domain === '.';
  const userText =
    user === '' || wellKnownUser(user)
      ? user
      : !local && wellKnownDomain.test(domain)
        ? scrubber.text(user)
        : scrubber.standIn('user', user);
  if (joint === '') return userText;
  const domainText = local || wellKnownDomain.test(domain) ? domain : scrubber.standIn('domain', domain);
  return joint === '@' ? `${userText}@${domainText}` : `${domainText}\\${userText}`;
}

function splitAccount(account: string): { domain: string; user: string; joint: '\\' | '@' | '' } {
  const slash = account.indexOf('\\');
  if (slash >= 0) return { domain: account.slice(0, slash), user: account.slice(slash + 1), joint: '\\' };
  const at = account.lastIndexOf('@');
  if (at >= 0) return { domain: account.slice(at + 1), user: account.slice(0, at), joint: '@' };
  return { domain: '', user: account, joint: '' };
}
