// The form of a setting: an object literal with name, default, allowed values, help and parser.

interface SettingBase {
  /** The flag is `--name`, the variable `COROOT_NAME` with underscores, the key in the settings file `name`. */
  readonly name: string;
  readonly help: string;
  /** What is allowed, in words that follow "must be". */
  readonly allowed: string;
  /** Masked wherever it is shown. */
  readonly secret?: boolean;
  /** It is read and checked, but this version does not act on it yet. */
  readonly pending?: boolean;
}

/** A setting with one value. */
export interface TextSetting<T> extends SettingBase {
  readonly kind: 'text';
  /** The name of the value in the help of a command. */
  readonly placeholder: string;
  /** As a user would write it; undefined for "not set". */
  readonly default: string | undefined;
  /** Undefined when the value is not allowed. */
  parse(value: string): T | undefined;
}

/** A setting that is true or false. */
export interface SwitchSetting extends SettingBase {
  readonly kind: 'switch';
  readonly default: 'true' | 'false';
  /** Undefined when the value is not allowed. */
  parse(value: string): boolean | undefined;
}

/** A setting with any number of values. */
export interface ListSetting<T> extends SettingBase {
  readonly kind: 'list';
  readonly placeholder: string;
  readonly default: readonly string[];
  /** Undefined when any of the values is not allowed. */
  parse(values: readonly string[]): T | undefined;
}

export type Setting = TextSetting<unknown> | SwitchSetting | ListSetting<unknown>;

/** Control characters, lone surrogates and separators of lines: no setting has a use for them. */
const forbidden = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/** A tab or line feed in a path comes from a backslash that JSON took for an escape. */
export const NO_CONTROL_CHARACTERS =
  'without control characters; in a JSON file each backslash is written twice, e.g. "C:\\\\temp"';

/** Whether a text holds a character that no setting allows, e.g. the tab that JSON reads in `"C:\temp"`. */
export function hasForbiddenCharacter(text: string): boolean {
  return forbidden.test(text);
}

/** The value of a setting from its texts: one text, or any number for a list. Undefined when it is not allowed. */
export function parseSetting(setting: Setting, texts: readonly string[]): unknown {
  return texts.some(hasForbiddenCharacter) ? undefined : parseUnchecked(setting, texts);
}

/** What is allowed, in words that follow "must be", for texts that are not. */
export function ruleFor(setting: Setting, texts: readonly string[]): string {
  const { allowed } = setting;
  return parseUnchecked(setting, texts) === undefined ? allowed : `${allowed} ${NO_CONTROL_CHARACTERS}`;
}

function parseUnchecked(setting: Setting, texts: readonly string[]): unknown {
  return setting.kind === 'list' ? setting.parse(texts) : setting.parse(texts[0]!);
}

/** `COROOT_SCRAPE_INTERVAL` for `scrape-interval`. */
export function variableOf(name: string): string {
  return `COROOT_${name.replaceAll('-', '_').toUpperCase()}`;
}
