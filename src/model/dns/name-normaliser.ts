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
  readonly suffix: string;
}

export class NameNormaliser {
  /** Suffixes that were found to come from a search list. */
  readonly #suffixes = new Set<string>();
  /** Suffixes of requested names that do not exist, by the public name before the suffix. */
  readonly #failed = new Map<string, string>();
  readonly #requested = new Set<string>();

  /**
   * Returns the name in lower case without trailing dots. Reverse lookups become one name, and so do EC2 names of
   * addresses. A suffix that the resolver appended from its search list is replaced, because such names are unbounded:
   * `shop.example.com.corp.local` becomes `shop.example.com.search_path_suffix`. Empty if the name has only dots.
   */
  normalise(raw: string, type: number): string {
    const name = canonical(raw);
    if (name === '' || name === INVALID) return name;
    if (type === TYPE_PTR) return 'IP.in-addr.arpa';
    const ec2 = /^ip-[^.]*\.(ec2.*)$/s.exec(name);
    if (ec2) return `IP.${ec2[1]}`;
    const split = splitName(name);
    return split && (isPrivate(split.suffix) || this.#suffixes.has(split.suffix))
      ? `${split.name}.${SUFFIX_LABEL}`
      : name;
  }

  /**
   * Learns suffixes of search lists from the result of a request. If a public name was requested alone, and the same
   * name with a suffix does not exist, the suffix comes from a search list. It may be a public domain, as the domains
   * of many companies are. `example.com.cdn.example.net` has no such suffix, because it exists.
   */
  learn(raw: string, exists: boolean): void {
    const name = canonical(raw);
    const split = splitName(name);
    if (!split) {
      remember(this.#requested, name);
      const suffix = this.#failed.get(name);
      if (suffix !== undefined) this.#addSuffix(suffix);
    } else if (!exists && !isPrivate(split.suffix)) {
      if (this.#requested.has(split.name)) this.#addSuffix(split.suffix);
      this.#failed.set(split.name, split.suffix);
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

/** The name without trailing dots. A regular expression would be slow for a name of many dots. */
export function withoutDots(name: string): string {
  let end = name.length;
  while (end > 0 && name[end - 1] === '.') end--;
  return name.slice(0, end);
}

/** Programs may request any text: too long names become one label, and control characters are replaced. */
function canonical(raw: string): string {
  if (raw.length > MAX_LENGTH + 1) return INVALID;
  const text = (raw.isWellFormed() ? raw : raw.toWellFormed()).toLowerCase();
  return withoutDots(text).replace(/\p{Cc}/gu, '\ufffd');
}

/**
 * Splits a name after its first labels that are a public name below com, net, org or io (or com.au and similar).
 * Undefined if no labels follow.
 */
function splitName(name: string): Split | undefined {
  if (!/\.(com|net|org|io)\./.test(name)) return undefined;
  // Labels of the last public suffix do not count: `com` of shop.com.au.
  const own = getPublicSuffix(name, { validateHostname: false }) ?? '';
  const labels = name.split('.');
  const last = labels.length - own.split('.').length;
  for (let i = 1; i < last; i++) {
    if (!/^(com|net|org|io)$/.test(labels[i]!)) continue;
    const country = countrySuffix(labels, i, last);
    const end = country ? i + 2 : i + 1;
    return { name: labels.slice(0, end).join('.'), suffix: labels.slice(end).join('.') };
  }
  return undefined;
}

/** Whether the label and the next one together are a public suffix, and more labels follow. */
function countrySuffix(labels: readonly string[], i: number, last: number): boolean {
  const both = `${labels[i]}.${labels[i + 1]}`;
  return i + 1 < last && getPublicSuffix(`x.${both}`, { validateHostname: false }) === both;
}

/** Whether the domain is not below a public suffix, for example `corp.local`. */
function isPrivate(domain: string): boolean {
  return parse(domain, { validateHostname: false }).isIcann !== true;
}
