// The settings of a run as values, and the sources that they come from.
import type { SettingValues } from './catalogue.ts';

/** The texts of one setting, undefined when it is not set, and where they came from. */
export interface RawSetting {
  readonly texts: readonly string[] | undefined;
  readonly origin: string;
}

/** Every setting by its key in the catalogue, parsed; `raw` has texts and origin by setting name. */
export type Config = SettingValues & { readonly raw: ReadonlyMap<string, RawSetting> };

/** Values from a command line, by setting name. */
export type Flags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export interface ConfigSources {
  readonly flags: Flags;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Settings file named on the command line. */
  readonly settingsFile?: string | undefined;
  readonly platform?: NodeJS.Platform;
  /** A default settings file that this account may not read counts as absent: for clients, which any user may run. */
  readonly ignoreUnreadable?: boolean;
  /** Throws with code ENOENT when there is no such file. */
  readonly readFile?: (path: string) => string;
}
