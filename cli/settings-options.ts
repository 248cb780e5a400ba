// Adds every setting as an option to a command, and resolves the settings of this process.
import { type Command, Option } from 'commander';
import { checkSettingsPlaces } from '../src/service/settings-faults.ts';
import { isElevated, ownSid } from '../src/service/token.ts';
import {
  allSettings,
  type Config,
  type ConfigSources,
  dataFolder,
  type Flags,
  resolveConfig,
  type Setting,
  settingsFileSetting,
  variableOf,
} from '../src/settings/index.ts';

/** Adds `--name` for each setting, `--no-name` for each switch, and --settings-file. */
export function addSettingsOptions(command: Command): Command {
  for (const setting of allSettings) {
    if (setting.kind === 'switch')
      command
        .addOption(new Option(`--${setting.name}`, helpOf(setting)))
        .addOption(new Option(`--no-${setting.name}`).hideHelp());
    if (setting.kind === 'text') command.option(`--${setting.name} <${setting.placeholder}>`, helpOf(setting));
    if (setting.kind === 'list') command.option(`--${setting.name} <${setting.placeholder}>`, helpOf(setting), append);
  }
  const { name, help, variable } = settingsFileSetting;
  return command.option(`--${name} <path>`, `${help} (${variable})`);
}

function append(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}

function helpOf(setting: Setting): string {
  const { name, help, pending } = setting;
  const shownDefault = setting.kind === 'text' && setting.default !== undefined ? `, default ${setting.default}` : '';
  return `${help} (${variableOf(name)}${shownDefault}${pending ? '; not in effect yet' : ''})`;
}

type Options = Readonly<Record<string, string | boolean | string[] | undefined>>;

/** Settings by name from the parsed options of commander; undefined for options that are not given. */
export function settingsFromOptions(options: Options): Flags {
  // Commander's keys are the flags in camel case.
  return Object.fromEntries(
    allSettings.map(({ name }) => [name, options[name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())]]),
  );
}

/** Resolves the settings from the options of a command and the environment. Throws AgentError. */
export function configFromOptions(command: Command, env: ConfigSources['env']): Config {
  const options = command.opts<Options>();
  refuseUnsafeSettings(env);
  return resolveConfig({
    flags: settingsFromOptions(options),
    env,
    settingsFile: options.settingsFile as string | undefined,
  });
}

/**
 * Throws DATA_FOLDER_UNSAFE or SETTINGS_FILE_UNSAFE before anything is read: on Windows every user can create a folder
 * in ProgramData, and other settings than the own ones let an elevated command read or send what others want.
 */
export function refuseUnsafeSettings(env: ConfigSources['env']): void {
  if (process.platform !== 'win32') return;
  const namedFile = env[settingsFileSetting.variable];
  checkSettingsPlaces({ dataFolder: dataFolder(env), namedFile, self: ownSid(), elevated: isElevated() });
}
