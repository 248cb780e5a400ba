// `coroot-agent config`, and the options of all commands that accept settings.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Command } from 'commander';
import { addConfigCommand } from '../../cli/commands/config.ts';
import { addSettingsOptions, settingsFromOptions } from '../../cli/settings-options.ts';
import { allSettings } from '../../src/settings/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'coroot-agent-config-'));
after(() => rmSync(folder, { recursive: true }));

/** What the command prints for these arguments. */
function config(args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  let printed = '';
  const program = new Command().exitOverride();
  addConfigCommand(program, {
    out: (text) => {
      printed += text;
    },
    err: () => {},
    env,
  });
  program.parse(['config', ...args], { from: 'user' });
  return printed;
}

/** The values that the command prints as JSON, by name. */
function values(args: readonly string[], env: NodeJS.ProcessEnv = {}): Map<string, { value: string; origin: string }> {
  const rows = JSON.parse(config([...args, '-o', 'json'], env)) as { name: string; value: string; origin: string }[];
  return new Map(rows.map(({ name, value, origin }) => [name, { value, origin }]));
}

describe('coroot-agent config', () => {
  it('prints each value with its origin, and masks secrets', () => {
    const file = join(folder, 'settings.json');
    writeFileSync(file, '{"region": "north", "api-key": "S3CRET"}');
    const lines = config(['--loop', '--settings-file', file], { COROOT_SCRAPE_INTERVAL: '2s' }).split('\n');
    const line = (name: string) => lines.find((text) => text.startsWith(`${name} `))?.split(/ {2,}/);
    assert.deepEqual(line('SETTING'), ['SETTING', 'VALUE', 'FROM']);
    assert.deepEqual(line('loop'), ['loop', 'true', 'flag --loop']);
    assert.deepEqual(line('scrape-interval'), ['scrape-interval', '2s', 'environment COROOT_SCRAPE_INTERVAL']);
    assert.deepEqual(line('region'), ['region', 'north', `file ${file}`]);
    assert.deepEqual(line('api-key'), ['api-key', '********', `file ${file}`]);
    assert.deepEqual(line('settings-file'), ['settings-file', file, 'flag --settings-file']);
    // The title, and `settings-file`, which is not one of `allSettings`.
    assert.equal(lines.filter((text) => text !== '').length, allSettings.length + 2);
  });

  it('prints long values in full and makes invisible characters visible', () => {
    const long = `https://h/${'x'.repeat(500)}`;
    assert.ok(config(['--metrics-endpoint', long]).includes(long));
    const text = config(['--region', 'a\u202eb\u200bc']);
    assert.ok(text.includes('a<U+202E>b<U+200B>c'), text);
  });

  it('prints JSON with -o json', () => {
    const found = values(['--listen=[::1]:9', '--no-loop', '--container-denylist', 'a', '--container-denylist', '-b'], {
      COROOT_LOOP: '1',
    });
    assert.deepEqual(found.get('listen'), { value: '[::1]:9', origin: 'flag --listen' });
    assert.deepEqual(found.get('loop'), { value: 'false', origin: 'flag --loop' });
    assert.deepEqual(found.get('container-denylist'), { value: 'a, -b', origin: 'flag --container-denylist' });
  });

  it('ignores an empty flag, except for a setting that may be empty', () => {
    const found = values(['--collector-endpoint=', '--ephemeral-port-range='], {
      COROOT_COLLECTOR_ENDPOINT: 'http://h',
    });
    assert.deepEqual(found.get('collector-endpoint'), {
      value: 'http://h',
      origin: 'environment COROOT_COLLECTOR_ENDPOINT',
    });
    assert.deepEqual(found.get('ephemeral-port-range'), { value: '', origin: 'flag --ephemeral-port-range' });
  });
});

describe('options for settings', () => {
  it('give no value for options that are absent', () => {
    const command = addSettingsOptions(new Command()).parse([], { from: 'user' });
    assert.deepEqual([...new Set(Object.values(settingsFromOptions(command.opts())))], [undefined]);
  });

  it('show variable, default and missing implementation in the help', () => {
    const help = addSettingsOptions(new Command().configureHelp({ helpWidth: 500 })).helpInformation();
    assert.match(help, /--scrape-interval <duration> .*\(COROOT_SCRAPE_INTERVAL, default 15s\)/);
    assert.match(help, /--settings-file <path> .*COROOT_SETTINGS_FILE/);
    assert.match(help, /--exclude-http-requests-by-path <glob> .*not in effect yet\)/);
  });
});

describe('the program', () => {
  const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const { PATH } = process.env;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['cli/main.ts', ...args], {
      encoding: 'utf8',
      env: { PATH, ...env },
    });
    return { status, stdout, stderr };
  };

  it('exits with 2 and prints one line for an invalid value', () => {
    const { status, stdout, stderr } = run(['run', '--speed', 'fast']);
    assert.deepEqual([status, stdout], [2, '']);
    assert.equal(stderr, 'coroot-agent: speed: "fast" is not allowed: must be 1 or max (from flag --speed)\n');
  });

  it('exits with 2 and suggests a similar name for an unknown flag', () => {
    const { status, stderr } = run(['config', '--scrape-intervall', '1s']);
    assert.equal(status, 2);
    assert.match(stderr, /unknown option '--scrape-intervall'\n\(Did you mean --scrape-interval\?\)/);
  });

  it('reads arguments from a file', () => {
    const file = join(folder, 'arguments');
    writeFileSync(file, '# ours\n--region\ntwo words\n');
    const { status, stdout } = run(['config', `@${file}`]);
    assert.equal(status, 0);
    assert.match(stdout, /^region +two words +flag --region$/m);
  });

  it('prints colours only if FORCE_COLOR is set and NO_COLOR is not', () => {
    const bold = '\u001b[1m';
    assert.ok(!run(['config']).stdout.includes(bold), 'a pipe');
    assert.ok(run(['config'], { FORCE_COLOR: '1' }).stdout.includes(bold), 'asked for');
    assert.ok(!run(['config'], { FORCE_COLOR: '1', NO_COLOR: '1' }).stdout.includes(bold), 'NO_COLOR');
  });
});
