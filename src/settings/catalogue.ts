// Every setting by its key in `Config`, in the order of docs/configuration.md.
import { agentSettings } from './agent.ts';
import { cloudSettings } from './cloud.ts';
import { containerSettings } from './containers.ts';
import { deliverySettings } from './delivery.ts';
import { listenSettings } from './listen.ts';
import { logSettings } from './logs.ts';
import { networkSettings } from './network.ts';
import type { Setting } from './setting.ts';

export const settings = {
  ...listenSettings,
  ...deliverySettings,
  ...containerSettings,
  ...networkSettings,
  ...logSettings,
  ...cloudSettings,
  ...agentSettings,
};

export const allSettings: readonly Setting[] = Object.values(settings);

type Settings = typeof settings;
export type SettingKey = keyof Settings;
type Parsed<K extends SettingKey> = Exclude<ReturnType<Settings[K]['parse']>, undefined>;

/** `wal-dir` has no default text, but its value is always derived. */
type NotSet<K extends SettingKey> = K extends 'walDir' ? never : Extract<Settings[K]['default'], undefined>;

/** Parsed values; undefined for a setting without a default that nothing sets. */
export type SettingValues = { readonly [K in SettingKey]: Parsed<K> | NotSet<K> };

/** The one setting that the settings file cannot hold. */
export const settingsFileSetting = {
  name: 'settings-file',
  variable: 'COROOT_SETTINGS_FILE',
  help: 'JSON file with settings; a file that is named must exist',
} as const;
