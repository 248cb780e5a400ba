// Replaces names of people and machines, addresses and security identifiers in texts by stand-ins.
import { isIP } from 'node:net';
import { StandIns } from './stand-ins.ts';

/** Accounts that exist on every Windows. */
const wellKnown =
  /^(localsystem|local system|system|networkservice|localservice|network service|local service|trustedinstaller|administrator|guest)$/i;
const wellKnownDomains =
  /^(nt authority|nt service|nt virtual machine|iis apppool|window manager|font driver host|builtin|\.)$/i;
/** Profiles that do not belong to one user. */
const sharedProfiles = /^(public|default|default user|all users)$/i;
/** Shorter names would match inside unrelated texts. */
const MIN_NAME_LENGTH = 3;

const profilePath = /(\\(?:Users|Documents and Settings)\\)([^\\"/:*?<>|]+)/gi;
/**
 * Security identifiers of a domain or machine and of its accounts.
 * https://learn.microsoft.com/windows/win32/secauthz/sid-components
 */
const sid = /\bS-1-5-21(?:-\d+){3,4}\b/gi;
const ipv4 = /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])/g;
const ipv6 = /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:.])/gi;

/** Collects names of hosts, users and domains, and replaces them wherever they appear in a text. */
export class Scrubber {
  readonly standIns = new StandIns();
  readonly #hosts = new Set<string>();
  readonly #users = new Set<string>();
  readonly #domains = new Set<string>();
  /** Matches all collected names; undefined after a new name. */
  #pattern: RegExp | undefined;

  addHost(name: string): void {
    if (name !== '' && name !== 'unknown') this.#addName(this.#hosts, name);
  }

  /** `DOMAIN\user`, `user@domain` or a name alone. */
  addAccount(account: string): void {
    const [domain, user] = splitAccount(account);
    if (domain !== '' && !wellKnownDomains.test(domain)) this.#addName(this.#domains, domain);
    if (user !== '' && !wellKnown.test(user) && !wellKnownDomains.test(domain === '.' ? '' : domain))
      this.#addName(this.#users, user);
  }

  /** Adds the users whose profile folders are in a path. */
  addPath(path: string): void {
    for (const [, , user] of path.matchAll(profilePath))
      if (!sharedProfiles.test(user!)) this.#addName(this.#users, user!);
  }

  account(account: string): string {
    const [domain, user] = splitAccount(account);
    if (wellKnown.test(user) || wellKnownDomains.test(domain === '.' ? '' : domain)) return account;
    const name = user === '' ? '' : this.standIns.name('user', user);
    return domain === '' || domain === '.'
      ? `${domain === '.' ? '.\\' : ''}${name}`
      : `${this.standIns.name('domain', domain)}\\${name}`;
  }

  /** Replaces the names added so far, owners of profiles, security identifiers and addresses. */
  text(text: string): string {
    this.addPath(text);
    let scrubbed = text.replace(profilePath, (whole, before: string, user: string) =>
      sharedProfiles.test(user) ? whole : `${before}${this.standIns.name('user', user)}`,
    );
    scrubbed = scrubbed.replace(sid, (found) => this.standIns.name('sid', found));
    scrubbed = scrubbed.replace(ipv4, (found) =>
      isIP(found) === 4 ? this.standIns.addressText(ipv4Bytes(found)) : found,
    );
    scrubbed = scrubbed.replace(ipv6, (found) =>
      isIP(found) === 6 ? this.standIns.addressText(ipv6Bytes(found)) : found,
    );
    const pattern = this.#namePattern();
    return pattern ? scrubbed.replace(pattern, (found) => this.#standInOf(found)) : scrubbed;
  }

  /** Keeps the program's path and the names of options, and removes all values. */
  commandLine(line: string): string {
    const [, quoted, plain, rest] = /^\s*(?:"([^"]*)"|(\S+))(.*)$/s.exec(line) ?? [];
    const program = quoted ?? plain;
    if (program === undefined) return line === '' ? '' : '*';
    // An unquoted path may contain spaces: it extends to its file extension.
    const [path, args] = quoted === undefined ? unquotedProgram(line.trim()) : [program, rest ?? ''];
    const words = args.match(/"[^"]*"|\S+/g) ?? [];
    const kept = words
      .map((word) => /^(?:--?|\/)[A-Za-z][\w-]*(?=$|[=:])/.exec(word)?.[0] ?? '')
      .map((option, i) => (option === '' ? '*' : words[i] === option ? option : `${option}=*`));
    return [this.text(quoted === undefined ? path : `"${path}"`), ...kept].join(' ');
  }

  #addName(names: Set<string>, name: string): void {
    if (name.length < MIN_NAME_LENGTH || names.has(name.toLowerCase())) return;
    names.add(name.toLowerCase());
    this.#pattern = undefined;
  }

  /** One expression for all names, the longest first. A host name includes the domain that follows it. */
  #namePattern(): RegExp | undefined {
    const names = [...this.#hosts, ...this.#users, ...this.#domains].sort((a, b) => b.length - a.length);
    if (names.length === 0) return undefined;
    this.#pattern ??= new RegExp(
      `(?<![a-z0-9])(?:${names.map(escaped).join('|')})(?![a-z0-9])(?:\\.[a-z0-9-]+)*`,
      'gi',
    );
    return this.#pattern;
  }

  #standInOf(found: string): string {
    const lower = found.toLowerCase();
    for (const [kind, names] of [
      ['host', this.#hosts],
      ['user', this.#users],
      ['domain', this.#domains],
    ] as const) {
      for (const name of names)
        if (lower === name || lower.startsWith(`${name}.`)) return this.standIns.name(kind, name);
    }
    return found;
  }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

function splitAccount(account: string): [domain: string, user: string] {
  const slash = account.indexOf('\\');
  if (slash >= 0) return [account.slice(0, slash), account.slice(slash + 1)];
  const at = account.indexOf('@');
  return at >= 0 ? [account.slice(at + 1), account.slice(0, at)] : ['', account];
}

function unquotedProgram(line: string): [path: string, args: string] {
  const end = /\.(?:exe|com|cmd|bat|sys)(?=\s|$)/i.exec(line);
  const length = end ? end.index + end[0].length : line.search(/\s|$/);
  return [line.slice(0, length), line.slice(length)];
}

function ipv4Bytes(text: string): Uint8Array {
  return Uint8Array.from(text.split('.'), Number);
}

/** Bytes of an IPv6 address without a dotted part. */
function ipv6Bytes(text: string): Uint8Array {
  const [head = '', tail] = text.split('::');
  const groups = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  const all = [...front, ...new Array<number>(8 - front.length - back.length).fill(0), ...back];
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 255]));
}
