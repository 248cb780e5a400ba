// Resolves settings from flags, environment and a file, and checks the expected errors.
import assert from 'node:assert/strict';
import { AgentError } from '../../src/base/errors.ts';
import {
  type Config,
  type ConfigSources,
  describeConfig,
  type Flags,
  resolveConfig,
} from '../../src/settings/index.ts';

export type Env = ConfigSources['env'];

export const resolve = (flags: Flags = {}, env: Env = {}): Config => resolveConfig({ flags, env, platform: 'linux' });

/** Resolves settings with a settings file `my.json` of this content: a text unchanged, anything else as JSON. */
export const withFile = (content: unknown, flags: Flags = {}, env: Env = {}): Config =>
  resolveConfig({
    flags,
    env,
    platform: 'linux',
    settingsFile: 'my.json',
    readFile: () => (typeof content === 'string' ? content : JSON.stringify(content)),
  });

export function shown(config: Config, name: string): { value: string; origin: string } {
  const { value, origin } = describeConfig(config).find((setting) => setting.name === name)!;
  return { value, origin };
}

export function noSuchFile(): string {
  throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
}

/** Checks SETTING_INVALID for this setting, and that its message contains the value. */
export function isInvalid(setting: string, value?: string) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof AgentError);
    assert.equal(error.code, 'SETTING_INVALID');
    assert.equal(error.exitCode, 2);
    assert.ok(error.message.startsWith(`${setting}: `), error.message);
    if (value !== undefined) assert.ok(error.message.includes(JSON.stringify(value)), error.message);
    return true;
  };
}

/** Checks SETTINGS_FILE_INVALID with this message. */
export function isInvalidFile(message: RegExp) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof AgentError);
    assert.equal(error.code, 'SETTINGS_FILE_INVALID');
    assert.equal(error.exitCode, 2);
    assert.match(error.message, message);
    return true;
  };
}
