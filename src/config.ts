// The settings of a run, each with where it came from: flag, environment, file or default; nobody else reads the environment.
import { win32 } from 'node:path';
import { AgentError, reasonOf } from './base/errors.ts';
import { jsonFault } from './base/json-fault.ts';
import { MASK, maskCredentials, maskUrl } from './base/mask-secrets.ts';
import { readSmallFile, SMALL_FILE_BYTES, tooLarge } from './base/small-file.ts';
import { suggest } from './base/suggest.ts';
import { type Setting, settings } from './settings.ts';

export type { HostChoice, ListenAddress } from './settings.ts';

type Settings = typeof settings;
type SettingKey = keyof Settings;
type Parsed<K extends SettingKey> = Exclude<ReturnType<Settings[K]['parse']>, undefined>;

/** Settings without a default: undefined when nobody sets them. */
type Unset =
  | 'collectorEndpoint'
  | 'metricsEndpoint'
  | 'logsEndpoint'
  | 'apiKey'
  | 'caFile'
  | 'provider'
  | 'region'
  | 'availabilityZone'
  | 'instanceType'
  | 'instanceLifeCycle'
  | 'cpuLimitPercent'
  | 'memoryLimitBytes';
type Values = { readonly [K in SettingKey]: K extends Unset ? Parsed<K> | undefined : Parsed<K> };

interface Raw {
  readonly texts: readonly string[] | undefined;
  readonly origin: string;
}

/** Every setting by its key in `settings`, parsed, and its text and origin by name. */
export type Config = Values & { readonly raw: ReadonlyMap<string, Raw> };

/** Values from a command line, by setting name. */
export type Flags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export interface ConfigSources {
  readonly flags: Flags;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Settings file named on the command line. */
  readonly settingsFile?: string | undefined;
  readonly platform?: NodeJS.Platform;
  /** A default settings file that this account may not read counts as none: for clients, which any user may be. */
  readonly ignoreUnreadable?: boolean;
  /** Throws with code ENOENT when there is no such file. */
  readonly readFile?: (path: string) => string;
}

/** The one setting that the settings file cannot hold. */
export const settingsFileSetting = {
  name: 'settings-file',
  variable: 'COROOT_SETTINGS_FILE',
  help: 'JSON file with settings; one that is named must exist',
} as const;

const derivedOrigin = 'derived from collector-endpoint';

/** Joins all sources; throws SETTING_INVALID or SETTINGS_FILE_INVALID. */
export function resolveConfig(sources: ConfigSources): Config {
  const file = readSettingsFile(sources);
  const raw = new Map<string, Raw>();
  const values: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries<Setting<unknown>>(settings)) {
    const found = find(setting, sources, file);
    raw.set(setting.name, found);
    values[key] = found.texts === undefined ? undefined : parse(setting, found);
  }
  derive(values, raw, sources);
  raw.set(settingsFileSetting.name, { texts: file.path === '' ? undefined : [file.path], origin: file.origin });
  return { ...(values as unknown as Values), raw };
}

function find(setting: Setting<unknown>, { flags, env }: ConfigSources, file: SettingsFile): Raw {
  const { fallback } = setting;
  // A setting without a default that is set to nothing is not set: an installer that forgets its properties must not hide the
  // endpoint that stands in the file.
  const counts = (text: string | undefined): boolean => text !== '' || fallback !== undefined;
  const flag = flags[setting.name];
  if (flag !== undefined && counts(String(flag)))
    return { texts: Array.isArray(flag) ? flag : [String(flag)], origin: `flag --${setting.name}` };
  const variable = variableOf(setting.name);
  const text = env[variable];
  // An empty variable is as good as none, but an empty ephemeral range is a choice.
  if (text !== undefined && (text !== '' || setting.name === 'ephemeral-port-range')) {
    return {
      texts: setting.kind === 'list' ? text.split(/\r?\n/).filter((line) => line !== '') : [text],
      origin: `environment ${variable}`,
    };
  }
  const stored = file.values.get(setting.name);
  if (stored && counts(stored[0])) return { texts: stored, origin: `file ${file.path}` };
  return {
    texts: fallback === undefined ? undefined : typeof fallback === 'string' ? [fallback] : fallback,
    origin: 'default',
  };
}

/** `COROOT_SCRAPE_INTERVAL` for `scrape-interval`. */
export function variableOf(name: string): string {
  return `COROOT_${name.replaceAll('-', '_').toUpperCase()}`;
}

function parse(setting: Setting<unknown>, { texts, origin }: Raw): unknown {
  const value = setting.parse(texts!);
  if (value !== undefined) return value;
  // Of a list only the entries that are wrong by themselves are named.
  const wrong = setting.kind === 'list' ? texts!.filter((text) => setting.parse([text]) === undefined) : texts!;
  const shown = wrong.map((text) => JSON.stringify(maskSecrets(setting, text))).join(', ');
  throw new AgentError('SETTING_INVALID', {
    setting: setting.name,
    value: shown,
    allowed: `must be ${setting.allowed}`,
    origin,
  });
}

function derive(
  values: Record<string, unknown>,
  raw: Map<string, Raw>,
  { env, platform = process.platform }: ConfigSources,
): void {
  const base = values.collectorEndpoint as URL | undefined;
  const endpoints = {
    metricsEndpoint: ['metrics-endpoint', '/v1/metrics'],
    logsEndpoint: ['logs-endpoint', '/v1/logs'],
  } as const;
  for (const [key, [name, path]] of Object.entries(endpoints)) {
    if (!base || values[key] !== undefined) continue;
    const url = new URL(base);
    url.pathname = `${base.pathname}${path}`.replace(/\/{2,}/g, '/');
    values[key] = url;
    raw.set(name, { texts: [url.href], origin: derivedOrigin });
  }
  if (values.walDir === undefined) {
    values.walDir = platform === 'win32' ? dataFolder(env) : '.coroot-agent';
    raw.set('wal-dir', { texts: [values.walDir as string], origin: 'default' });
  }
}

interface SettingsFile {
  /** Empty when there is none. */
  readonly path: string;
  readonly origin: string;
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** The file named, or the default one if it exists: settings.json in ProgramData\CorootAgent. */
function readSettingsFile({
  settingsFile,
  env,
  platform = process.platform,
  readFile,
  ignoreUnreadable,
}: ConfigSources): SettingsFile {
  const { name, variable } = settingsFileSetting;
  const named = settingsFile || env[variable];
  const path = named || (platform === 'win32' ? win32.join(dataFolder(env), 'settings.json') : '');
  const origin = settingsFile ? `flag --${name}` : named ? `environment ${variable}` : 'default';
  if (path === '') return { path, origin, values: new Map() };
  let text: string;
  try {
    text = (readFile ?? readSmallFile)(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!named && code === 'ENOENT') return { path, origin: 'default, there is no such file', values: new Map() };
    if (!named && ignoreUnreadable && (code === 'EACCES' || code === 'EPERM'))
      return { path, origin: 'default, this account may not read it', values: new Map() };
    throw new AgentError('SETTINGS_FILE_INVALID', { file: path, reason: reasonOf(error) }, { cause: error });
  }
  return { path, origin, values: parseSettingsFile(path, text) };
}

/** Our folder for data and settings on Windows. */
export function dataFolder(env: ConfigSources['env']): string {
  return win32.join(env.ProgramData || 'C:\\ProgramData', 'CorootAgent');
}

function parseSettingsFile(file: string, text: string): Map<string, readonly string[]> {
  const invalid = (reason: string) => new AgentError('SETTINGS_FILE_INVALID', { file, reason });
  if (Buffer.byteLength(text) > SMALL_FILE_BYTES) throw invalid(tooLarge);
  let content: unknown;
  try {
    content = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw invalid(jsonFault(text, error));
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw invalid('it is not a JSON object');
  const known = new Map(Object.values<Setting<unknown>>(settings).map((setting) => [setting.name, setting]));
  const values = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(content)) {
    const setting = known.get(name);
    if (!setting) throw invalid(`there is no setting ${JSON.stringify(name)}${suggestion(name, known.keys())}`);
    const texts = textsOf(value);
    if (!texts || (setting.kind !== 'list' && Array.isArray(value)))
      throw invalid(`"${name}" must be ${setting.kind === 'list' ? 'a list of texts' : 'one value'}`);
    values.set(name, texts);
  }
  return values;
}

function suggestion(name: string, known: Iterable<string>): string {
  // People also try the name of the variable, or camel case.
  const spelt = name
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(/^(--|coroot-)/, '');
  const near = suggest(spelt, known);
  return near ? `; did you mean "${near}"?` : '; docs/configuration.md lists them';
}

function textsOf(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string') ? value : undefined;
}

/** A text fit to be shown: secrets, passwords in URLs and query values that look like keys are masked. */
export function maskSecrets(setting: Setting<unknown>, text: string): string {
  if (setting.secret) return text === '' ? '' : MASK;
  return setting.name.endsWith('endpoint') ? maskUrl(text) : maskCredentials(text);
}

export interface SettingDescription {
  readonly name: string;
  /** Masked; empty when not set. */
  readonly value: string;
  readonly origin: string;
  readonly help: string;
}

/** Every setting as a person may see it. */
export function describeConfig(config: Config): SettingDescription[] {
  const described = Object.values<Setting<unknown>>(settings).map((setting) => {
    const { texts, origin } = config.raw.get(setting.name)!;
    return {
      name: setting.name,
      value: (texts ?? []).map((text) => maskSecrets(setting, text)).join(', '),
      origin,
      help: setting.help,
    };
  });
  const { name, help } = settingsFileSetting;
  const { texts, origin } = config.raw.get(name)!;
  return [...described, { name, value: texts?.[0] ?? '', origin, help }];
}

/** Every setting by name, secrets masked, for the header of a tape. */
export function effectiveSettings(config: Config): Record<string, string> {
  return Object.fromEntries(describeConfig(config).map(({ name, value }) => [name, value]));
}

/** What messages quote of a URL. */
function partsOf(text: string): string[] {
  const url = URL.parse(text);
  return url ? [url.host, url.hostname, url.password] : [];
}

/** Texts below this length, such as `15s`, tell nothing, and hiding them would make holes everywhere. */
const MIN_HIDDEN_CHARACTERS = 6;

/** Values of settings that somebody chose, each with what may stand in its place: for reports that leave the host. */
export function hiddenTexts(config: Config): [text: string, instead: string][] {
  const hidden = Object.values<Setting<unknown>>(settings).flatMap((setting): [string, string][] => {
    const { texts, origin } = config.raw.get(setting.name)!;
    if (origin === 'default') return [];
    const least = setting.secret ? 1 : MIN_HIDDEN_CHARACTERS;
    return (texts ?? [])
      .flatMap((text) => [text, ...partsOf(text)])
      .filter((text) => text.length >= least)
      .map((text) => [text, `<${setting.name}>`]);
  });
  // A text that holds another one first.
  return hidden.sort(([a], [b]) => b.length - a.length);
}
