// Reads settings of Coroot's own agent from its command line and its variables, as entries of this agent's settings
// file.

import { splitCommandLine } from './command-line.ts';
import { OTHER_SERVICE_NAME } from './names.ts';
import { readValue } from './registry.ts';
import { readConfig } from './service-config.ts';

/** Machine-wide variables: https://learn.microsoft.com/windows/win32/procthread/environment-variables */
const MACHINE_ENVIRONMENT = 'SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment';
const OTHER_KEY = `SYSTEM\\CurrentControlSet\\Services\\${OTHER_SERVICE_NAME}`;

/** A setting that both agents have under the same name. */
export interface KnownSetting {
  readonly name: string;
  readonly kind: 'text' | 'switch' | 'list';
  readonly variable: string;
}

export interface FoundSetting {
  readonly name: string;
  readonly texts: readonly string[];
  /** `command line` or the name of a variable. */
  readonly origin: string;
}

export interface FoundSettings {
  readonly settings: readonly FoundSetting[];
  /** Flags that this agent does not have, without their values. */
  readonly unknown: readonly string[];
}

/** The command line has precedence over the variables, as in that agent. Throws Win32Error. */
export function readOtherSettings(known: readonly KnownSetting[]): FoundSettings {
  const config = readConfig(OTHER_SERVICE_NAME);
  const { found, unknown } = parseFlags(splitCommandLine(config?.binaryPath ?? '').slice(1), known);
  const block = readValue(OTHER_KEY, 'Environment');
  const own = block?.kind === 'list' ? block.value : [];
  const settings = known.flatMap(({ name, kind, variable }): FoundSetting[] => {
    const flag = found.get(name);
    if (flag) return [{ name, texts: flag, origin: 'command line' }];
    const text = variableIn(own, variable) ?? machineVariable(variable);
    if (text === undefined || text === '') return [];
    const texts = kind === 'list' ? text.split(/\r?\n/).filter((line) => line !== '') : [text];
    return [{ name, texts, origin: variable }];
  });
  return { settings, unknown };
}

function variableIn(block: readonly string[], name: string): string | undefined {
  const prefix = `${name}=`.toUpperCase();
  return block.find((entry) => entry.toUpperCase().startsWith(prefix))?.slice(prefix.length);
}

function machineVariable(name: string): string | undefined {
  const value = readValue(MACHINE_ENVIRONMENT, name);
  return value?.kind === 'text' || value?.kind === 'expandable' ? value.value : undefined;
}

/**
 * `--name value`, `--name=value`, `--switch`, `--no-switch`; an empty value, as an MSI leaves it, counts as not set.
 */
export function parseFlags(
  args: readonly string[],
  known: readonly KnownSetting[],
): { found: Map<string, string[]>; unknown: string[] } {
  const byName = new Map(known.map((setting) => [setting.name, setting]));
  const found = new Map<string, string[]>();
  const unknown: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const match = /^--([^=]+)(?:=(.*))?$/s.exec(args[i]!);
    if (!match) {
      unknown.push('an argument that is not a flag');
      continue;
    }
    const [, written, attached] = match as unknown as [string, string, string | undefined];
    const negated = byName.get(written) ? undefined : byName.get(written.replace(/^no-/, ''));
    const setting = byName.get(written) ?? (negated?.kind === 'switch' ? negated : undefined);
    if (!setting) {
      unknown.push(`--${written}`);
      // The next argument is its value unless it is a flag.
      if (attached === undefined && args[i + 1] !== undefined && !args[i + 1]!.startsWith('--')) i++;
      continue;
    }
    const value = setting.kind === 'switch' ? (attached ?? String(!negated)) : (attached ?? args[++i] ?? '');
    if (value === '') continue;
    found.set(setting.name, setting.kind === 'list' ? [...(found.get(setting.name) ?? []), value] : [value]);
  }
  return { found, unknown };
}
