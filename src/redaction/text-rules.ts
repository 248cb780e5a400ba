// Redaction rules for texts, by the name that schemas of the control plane mark a field with.
import { dnsName, endpoint, urls } from './network-rules.ts';
import { account, commandLine, hostname, id, objectName, type Rule, text } from './rules.ts';

export const TEXT_RULES = {
  /** Replaces known names of users, hosts and domains, profile folders, SIDs and IP addresses. */
  text,
  hostname,
  domain: dnsName,
  endpoint,
  urls,
  id,
  account,
  commandLine,
  objectName,
  /** Removes the whole value. */
  removed: () => '*',
} as const satisfies Readonly<Record<string, Rule<string>>>;

export type TextRule = keyof typeof TEXT_RULES;
