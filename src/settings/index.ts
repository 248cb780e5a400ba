// Resolves the settings of a run from flags, environment, settings file and defaults, each with its origin.
import { AgentError } from '../base/errors.ts';
import { maskSettingValue } from '../base/mask-secrets.ts';
import { type SettingKey, type SettingValues, settings, settingsFileSetting } from './catalogue.ts';
import type { Config, ConfigSources, RawSetting } from './config.ts';
import { maskValue } from './describe.ts';
import { parseSetting, ruleFor, type Setting, variableOf } from './setting.ts';
import { dataFolder, readSettingsFile, type SettingsFile } from './settings-file.ts';

export type { HostChoice } from './agent.ts';
export type { AllowedHosts } from './allowed-hosts.ts';
export type { ApiAccess } from './api-access.ts';
export { allSettings, settingsFileSetting } from './catalogue.ts';
export type { Config, ConfigSources, Flags } from './config.ts';
export { describeConfig, effectiveSettings, hiddenTexts, maskValue, type SettingDescription } from './describe.ts';
export { type ListenAddress, parseListen } from './listen.ts';
export type { NamePatterns } from './name-patterns.ts';
export { parseSetting, ruleFor, type Setting, variableOf } from './setting.ts';
export { dataFolder } from './settings-file.ts';

/** Precedence: flag, environment, file, default. Throws SETTING_INVALID or SETTINGS_FILE_INVALID. */
export function resolveConfig(sources: ConfigSources): Config {
  const file = readSettingsFile(sources);
  const raw = new Map<string, RawSetting>();
  const values: Partial<Record<SettingKey, unknown>> = {};
  for (const [key, setting] of Object.entries(settings) as [SettingKey, Setting][]) {
    const found = findTexts(setting, sources, file);
    raw.set(setting.name, found);
    values[key] = found.texts === undefined ? undefined : parseTexts(setting, found.texts, found.origin);
  }
  deriveEndpoints(values, raw);
  deriveDataFolder(values, raw, sources);
  raw.set(settingsFileSetting.name, { texts: file.path === '' ? undefined : [file.path], origin: file.origin });
  return { ...(values as SettingValues), raw };
}

function findTexts(setting: Setting, { flags, env }: ConfigSources, file: SettingsFile): RawSetting {
  // An empty text does not set a setting without a default: an installer that drops its properties must not hide the
  // endpoint of the settings file.
  const isSet = (text: string | undefined): boolean => text !== '' || setting.default !== undefined;
  const flag = flags[setting.name];
  if (flag !== undefined && isSet(String(flag)))
    return { texts: Array.isArray(flag) ? flag : [String(flag)], origin: `flag --${setting.name}` };
  const variable = variableOf(setting.name);
  const text = env[variable];
  // An empty variable counts as not set, but an empty ephemeral port range is a choice.
  if (text !== undefined && (text !== '' || setting.name === 'ephemeral-port-range')) {
    const texts = setting.kind === 'list' ? text.split(/\r?\n/).filter((line) => line !== '') : [text];
    return { texts, origin: `environment ${variable}` };
  }
  const stored = file.values.get(setting.name);
  if (stored && isSet(stored[0])) return { texts: stored, origin: `file ${maskSettingValue(file.path)}` };
  const texts = typeof setting.default === 'string' ? [setting.default] : setting.default;
  return { texts, origin: 'default' };
}

function parseTexts(setting: Setting, texts: readonly string[], origin: string): unknown {
  const value = parseSetting(setting, texts);
  if (value !== undefined) return value;
  // The message names only those entries of a list that are wrong by themselves, if there are any.
  const entries = setting.kind === 'list' ? texts.filter((text) => parseSetting(setting, [text]) === undefined) : [];
  const wrong = entries.length > 0 ? entries : texts;
  throw new AgentError('SETTING_INVALID', {
    setting: setting.name,
    value: wrong.map((text) => JSON.stringify(maskValue(setting, text))).join(', '),
    allowed: `must be ${ruleFor(setting, texts)}`,
    origin,
  });
}

/** Endpoints that are not set are paths below `collector-endpoint`. */
function deriveEndpoints(values: Partial<Record<SettingKey, unknown>>, raw: Map<string, RawSetting>): void {
  const base = values.collectorEndpoint as URL | undefined;
  if (!base) return;
  for (const [key, path] of [
    ['metricsEndpoint', '/v1/metrics'],
    ['logsEndpoint', '/v1/logs'],
  ] as const) {
    if (values[key] !== undefined) continue;
    const url = new URL(base);
    url.pathname = `${base.pathname}${path}`.replace(/\/{2,}/g, '/');
    values[key] = url;
    raw.set(settings[key].name, { texts: [url.href], origin: 'derived from collector-endpoint' });
  }
}

function deriveDataFolder(
  values: Partial<Record<SettingKey, unknown>>,
  raw: Map<string, RawSetting>,
  { env, platform = process.platform }: ConfigSources,
): void {
  if (values.walDir !== undefined) return;
  const folder = platform === 'win32' ? dataFolder(env) : '.coroot-agent';
  values.walDir = folder;
  raw.set(settings.walDir.name, { texts: [folder], origin: 'default' });
}
