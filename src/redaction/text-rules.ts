// Redaction rules for texts, by the name that schemas of the control plane mark a field with.
import { dnsName, endpoint } from './network-rules.ts';
import { account, commandLine, hostname, id, type Rule, text } from './rules.ts';

export const TEXT_RULES = {
  /** Keeps listed words, numbers and names of Windows, and replaces everything else. */
  text,
  /** As `text`: the key name of a service. */
  service: text,
  /** As `text`: the file name of a program. */
  program: text,
  hostname,
  domain: dnsName,
  endpoint,
  id,
  account,
  commandLine,
  /** Removes the whole value. */
  removed: () => '*',
} as const satisfies Readonly<Record<string, Rule<string>>>;

export type TextRule = keyof typeof TEXT_RULES;
