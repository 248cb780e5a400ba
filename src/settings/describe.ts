// Settings as users and reports may see them: masked values with their origins.
import { MASK, maskSettingValue, maskUrl } from '../base/mask-secrets.ts';
import { percentDecoded } from '../base/percent-decoded.ts';
import { allSettings, settingsFileSetting } from './catalogue.ts';
import type { Config } from './config.ts';
import type { Setting } from './setting.ts';

export interface SettingDescription {
  readonly name: string;
  /** Masked; empty when not set. */
  readonly value: string;
  readonly origin: string;
  readonly help: string;
}

/** The text of a setting; secrets, and user information and parameter values of URLs, are masked. */
export function maskValue(setting: Setting, text: string): string {
  if (setting.secret) return text === '' ? '' : MASK;
  return setting.name.endsWith('endpoint') || setting.name === 'proxy' ? maskUrl(text) : maskSettingValue(text);
}

export function describeConfig(config: Config): SettingDescription[] {
  const described = allSettings.map((setting) => {
    const { texts, origin } = config.raw.get(setting.name)!;
    const value = (texts ?? []).map((text) => maskValue(setting, text)).join(', ');
    return { name: setting.name, value, origin, help: setting.help };
  });
  const { name, help } = settingsFileSetting;
  const { texts, origin } = config.raw.get(name)!;
  return [...described, { name, value: maskSettingValue(texts?.[0] ?? ''), origin, help }];
}

/** Masked values by setting name, for the header of a tape. */
export function effectiveSettings(config: Config): Record<string, string> {
  return Object.fromEntries(describeConfig(config).map(({ name, value }) => [name, value]));
}

/** Shorter texts, such as `15s`, identify nothing, and replacing them would damage unrelated text. */
const MIN_HIDDEN_CHARACTERS = 6;

/** For parts of a URL that may be secrets. */
const MIN_SECRET_CHARACTERS = 4;

/** Configured values with their replacements, for reports that leave the host. */
export function hiddenTexts(config: Config): [text: string, replacement: string][] {
  const hidden = allSettings.flatMap((setting): [string, string][] => {
    const { texts, origin } = config.raw.get(setting.name)!;
    if (origin === 'default') return [];
    const minLength = setting.secret ? 1 : MIN_HIDDEN_CHARACTERS;
    const whole = (texts ?? [])
      .flatMap((text) => [text, ...urlParts(text)])
      .filter(({ length }) => length >= minLength);
    const secrets = (texts ?? []).flatMap(urlSecrets).filter(({ length }) => length >= MIN_SECRET_CHARACTERS);
    return [...whole, ...secrets].map((text) => [text, `<${setting.name}>`]);
  });
  // A text that contains another one comes first.
  return hidden.sort(([a], [b]) => b.length - a.length);
}

/** Parts of a URL that error messages quote. */
function urlParts(text: string): string[] {
  const url = urlOf(text);
  return url ? [url.host, url.hostname] : [];
}

/** User information and parameter values of a URL, as written and decoded. */
function urlSecrets(text: string): string[] {
  const url = urlOf(text);
  if (!url) return [];
  const written = [url.username, url.password, ...url.search.split(/[?&;=]/), ...url.hash.split(/[#&;=]/)];
  return [...new Set([...written, ...written.map(percentDecoded), ...url.searchParams.values()])];
}

/** A proxy may be written without its scheme: `user:password@host:port`. */
function urlOf(text: string): URL | null {
  return URL.parse(text.includes('@') && !/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? `http://${text}` : text);
}
