// Normalises DNS names for labels: one spelling each, and a bounded number of names from search lists.
import { getPublicSuffix, parse } from 'tldts';
import { TYPE_PTR } from '../owner/dns-codes.ts';

/** RFC 1035 2.3.4, as text. */
const MAX_LENGTH = 253;
const INVALID = '~invalid';
/** Failed names and requested names that are kept to detect search lists. */
const MAX_RECENT = 1024;
const MAX_SUFFIXES = 256;
const SUFFIX_LABEL = 'search_path_suffix';

/** A public name and what follows it: `shop.example.com` and `corp.local`. */
interface Split {
  readonly name: string;
  readonly rest: string;
}

export class NameNormaliser {
  /** Suffixes that a search list was found to append. */
  readonly #suffixes = new Set<string>();
  /** Names with something behind them that do not exist, by the name in front. */
  readonly #failed = new Map<string, string>();
  readonly #asked = new Set<string>();

  /**
   * Lower case, without dots at the end; addresses in reverse and in names of EC2 as one name each. Where a resolver
   * puts its search list behind a whole name, that gives names without number: `shop.example.com.corp.local` becomes
   * `shop.example.com.search_path_suffix`. Empty for a name of dots alone.
   */
  normalise(raw: string, type: number): string {
    const name = plain(raw);
    if (name === '' || name === INVALID) return name;
    if (type === TYPE_PTR) return 'IP.in-addr.arpa';
    const ec2 = /^ip-[^.]*\.(ec2.*)$/s.exec(name);
    if (ec2) return `IP.${ec2[1]}`;
    const split = splitName(name);
    return split && (isPrivate(split.rest) || this.#suffixes.has(split.rest)) ? `${split.name}.${SUFFIX_LABEL}` : name;
  }

  /**
   * Takes in how a query ended. That a whole name was asked for alone, and does not exist with something behind it,
   * says that this is of a search list, even if it is a public domain as those of many companies are.
   * `example.com.cdn.example.net` is not: it exists.
   */
  learn(raw: string, exists: boolean): void {
    const name = plain(raw);
    const split = splitName(name);
    if (!split) {
      remember(this.#asked, name);
      const rest = this.#failed.get(name);
      if (rest !== undefined) this.#addSuffix(rest);
    } else if (!exists && !isPrivate(split.rest)) {
      if (this.#asked.has(split.name)) this.#addSuffix(split.rest);
      this.#failed.set(split.name, split.rest);
      if (this.#failed.size > MAX_RECENT) this.#failed.delete(this.#failed.keys().next().value!);
    }
  }

  #addSuffix(suffix: string): void {
    if (this.#suffixes.size < MAX_SUFFIXES) this.#suffixes.add(suffix);
  }
}

function remember(names: Set<string>, name: string): void {
  names.delete(name);
  names.add(name);
  if (names.size > MAX_RECENT) names.delete(names.keys().next().value!);
}

/** Without the dots at its end; a pattern would take long for a name of many dots. */
export function withoutDots(name: string): string {
  let end = name.length;
  while (end > 0 && name[end - 1] === '.') end--;
  return name.slice(0, end);
}

/** Programs may ask for anything: what is no name at all is one label, and what cannot be written is replaced. */
function plain(raw: string): string {
  if (raw.length > MAX_LENGTH + 1) return INVALID;
  const text = (raw.isWellFormed() ? raw : raw.toWellFormed()).toLowerCase();
  return withoutDots(text).replace(/\p{Cc}/gu, '\ufffd');
}

/**
 * The first labels that are a whole public name below com, net, org or io (or com.au and the like), if others follow.
 */
function splitName(name: string): Split | undefined {
  if (!/\.(com|net|org|io)\./.test(name)) return undefined;
  // What the last public suffix holds is the name's own: `com` of shop.com.au.
  const own = getPublicSuffix(name, { validateHostname: false }) ?? '';
  const labels = name.split('.');
  const last = labels.length - own.split('.').length;
  for (let i = 1; i < last; i++) {
    if (!/^(com|net|org|io)$/.test(labels[i]!)) continue;
    const country = countrySuffix(labels, i, last);
    const end = country ? i + 2 : i + 1;
    return { name: labels.slice(0, end).join('.'), rest: labels.slice(end).join('.') };
  }
  return undefined;
}

/** Whether the label and the next one are a public suffix together, with more behind. */
function countrySuffix(labels: readonly string[], i: number, last: number): boolean {
  const both = `${labels[i]}.${labels[i + 1]}`;
  return i + 1 < last && getPublicSuffix(`x.${both}`, { validateHostname: false }) === both;
}

/** Not below any suffix of the public list, as `corp.local`. */
function isPrivate(domain: string): boolean {
  return parse(domain, { validateHostname: false }).isIcann !== true;
}
