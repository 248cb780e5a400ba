// The settings file: where it is, and its entries as texts by setting name.
import { win32 } from 'node:path';
import { AgentError, reasonOf } from '../base/errors.ts';
import { parseJsonObject } from '../base/json-object.ts';
import { maskSettingValue } from '../base/mask-secrets.ts';
import { readSmallFile, SMALL_FILE_BYTES, tooLarge } from '../base/small-file.ts';
import { suggest } from '../base/suggest.ts';
import { allSettings, settingsFileSetting } from './catalogue.ts';
import type { ConfigSources } from './config.ts';
import { hasForbiddenCharacter, NO_CONTROL_CHARACTERS } from './setting.ts';

export interface SettingsFile {
  /** Empty when there is none. */
  readonly path: string;
  readonly origin: string;
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** Reads the named file, or settings.json in ProgramData\CorootAgent if it exists. Throws SETTINGS_FILE_INVALID. */
export function readSettingsFile(sources: ConfigSources): SettingsFile {
  const { settingsFile, env, platform = process.platform, readFile, ignoreUnreadable } = sources;
  const { name, variable } = settingsFileSetting;
  const named = settingsFile || env[variable];
  const path = named || (platform === 'win32' ? win32.join(dataFolder(env), 'settings.json') : '');
  const origin = settingsFile ? `flag --${name}` : named ? `environment ${variable}` : 'default';
  if (path === '') return { path, origin, values: new Map() };
  if (hasForbiddenCharacter(path)) throw invalidFile(path, `its path must be one ${NO_CONTROL_CHARACTERS}`);
  let text: string;
  try {
    text = (readFile ?? readSmallFile)(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!named && code === 'ENOENT') return { path, origin: 'default, there is no such file', values: new Map() };
    if (!named && ignoreUnreadable && (code === 'EACCES' || code === 'EPERM'))
      return { path, origin: 'default, this account may not read it', values: new Map() };
    throw invalidFile(path, reasonOf(error), { cause: error });
  }
  return { path, origin, values: parseSettingsFile(path, text) };
}

/** A user may name a URL as the file; reasons of Node quote the path. */
function invalidFile(path: string, reason: string, options?: ErrorOptions): AgentError {
  const [file, shown] = [maskSettingValue(path), reason.replaceAll(path, maskSettingValue(path))];
  return new AgentError('SETTINGS_FILE_INVALID', { file, reason: shown }, options);
}

/** The agent's folder for data and settings on Windows. */
export function dataFolder(env: ConfigSources['env']): string {
  return win32.join(env.ProgramData || 'C:\\ProgramData', 'CorootAgent');
}

function parseSettingsFile(file: string, text: string): Map<string, readonly string[]> {
  const invalid = (reason: string) => invalidFile(file, reason);
  if (Buffer.byteLength(text) > SMALL_FILE_BYTES) throw invalid(tooLarge);
  let content: Record<string, unknown>;
  try {
    content = parseJsonObject(text);
  } catch (error) {
    throw invalid(`${reasonOf(error)}${hasOddBackslash(text) ? BACKSLASH_HINT : ''}`);
  }
  const byName = new Map(allSettings.map((setting) => [setting.name, setting]));
  const values = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(content)) {
    const setting = byName.get(name);
    if (!setting) throw invalid(`there is no setting ${JSON.stringify(name)}${suggestion(name, byName.keys())}`);
    const texts = textsOf(value);
    if (!texts || (setting.kind !== 'list' && Array.isArray(value)))
      throw invalid(`"${name}" must be ${setting.kind === 'list' ? 'a list of texts' : 'one value'}`);
    values.set(name, texts);
  }
  return values;
}

const BACKSLASH_HINT = '; each backslash is written twice, e.g. "C:\\\\temp"';

/** Whether a backslash starts no escape of JSON (RFC 8259, section 7), as in `"C:\data"`. */
function hasOddBackslash(text: string): boolean {
  return /\\(?!["\\/bfnrt]|u[\da-f]{4})/i.test(text.replaceAll('\\\\', ''));
}

function suggestion(name: string, names: Iterable<string>): string {
  // Users also try the name of the variable, or camel case.
  const kebabCase = name
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(/^(--|coroot-)/, '');
  const similar = suggest(kebabCase, names);
  return similar ? `; did you mean "${similar}"?` : '; docs/configuration.md lists them';
}

function textsOf(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string') ? value : undefined;
}
