// Replaces everything in a text that is not known to be harmless by consistent stand-ins.
import { accountStandIn, learnAccount } from './accounts.ts';
import { scrubCommandLine } from './command-line.ts';
import { LearnedNames, type NameKind } from './learned-names.ts';
import type { Scrubbing } from './scrubbing.ts';
import { profile, sharedProfile } from './shapes.ts';
import { StandIns } from './stand-ins.ts';
import { scrubText } from './text.ts';
import { extensionOf, isHarmless, isWindowsService } from './vocabulary.ts';

/** Most texts whose replacements are kept; those of services and processes recur in every round. */
const MAX_CACHED = 20_000;

/**
 * Names are learned first and replaced afterwards: a name that is learned later changes the replacement of a text. The
 * stand-in of a name is the same in all texts, names, accounts and endpoints.
 */
export class Scrubber implements Scrubbing {
  readonly standIns = new StandIns();
  readonly names = new LearnedNames();
  readonly #cache = new Map<string, string>();

  addHost(name: string): void {
    if (name !== '' && name !== 'unknown' && name !== 'localhost') this.#learn('host', name);
  }

  /** A name that a DNS request or an endpoint has; a name of several parts is found in texts by its form. */
  addDomain(name: string): void {
    if (!name.includes('.') && !isHarmless(name)) this.addHost(name);
  }

  /** `DOMAIN\user`, `user@domain` or a name alone. */
  addAccount(account: string): void {
    learnAccount(account, (kind, name) => this.#learn(kind, name));
  }

  /** The name of a service; those of Windows are kept. */
  addService(name: string): void {
    if (!isWindowsService(name) && !isHarmless(name)) this.#learn('service', instanceName(name));
  }

  /** The file name of a program. */
  addProgram(file: string): void {
    const name = file.slice(0, file.length - extensionOf(file).length);
    if (!isHarmless(name)) this.#learn('program', name);
  }

  /** Adds the users whose profile folders are in a text. */
  addPath(text: string): void {
    for (const [, , user] of text.matchAll(profile)) if (!sharedProfile.test(user!)) this.#learn('user', user!);
  }

  standIn(kind: NameKind | 'sid' | 'mac', name: string): string {
    return this.standIns.name(this.names.kindOf(name) ?? kind, name);
  }

  host(name: string): string {
    const [first = ''] = name.split('.', 1);
    const known = name.includes('.') && this.names.kindOf(name) === undefined && this.names.kindOf(first) === 'host';
    return this.standIn('host', known ? first : name);
  }

  account(account: string): string {
    return accountStandIn(account, this);
  }

  text(text: string): string {
    let scrubbed = this.#cache.get(text);
    if (scrubbed !== undefined) return scrubbed;
    scrubbed = scrubText(text, this);
    if (this.#cache.size >= MAX_CACHED) this.#cache.clear();
    this.#cache.set(text, scrubbed);
    return scrubbed;
  }

  /** Keeps the program's path as `text` does and the names of known options, and removes all values. */
  commandLine(line: string): string {
    return scrubCommandLine(line, this);
  }

  #learn(kind: NameKind, name: string): void {
    if (this.names.add(kind, name)) this.#cache.clear();
  }
}

/** The part that the owner chose of the name of an instance, such as `REPORTING` of `MSSQL$REPORTING`. */
function instanceName(name: string): string {
  const [, product, instance] = /^([^$]+)\$(.+)$/.exec(name) ?? [];
  return product !== undefined && isWindowsService(product) ? instance! : name;
}
