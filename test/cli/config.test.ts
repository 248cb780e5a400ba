// `coroot-agent config` and the options that every command with settings has.
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
    env,
  });
  program.parse(['config', ...args], { from: 'user' });
  return printed;
}

/** What it prints as JSON, by name. */
function values(args: readonly string[], env: NodeJS.ProcessEnv = {}): Map<string, { value: string; origin: string }> {
  const rows = JSON.parse(config([...args, '-o', 'json'], env)) as { name: string; value: string; origin: string }[];
  return new Map(rows.map(({ name, value, origin }) => [name, { value, origin }]));
}

describe('coroot-agent config', () => {
  it('shows each value with its origin, secrets masked', () => {
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
    // A title, and the file's own name is a setting as well.
    assert.equal(lines.filter((text) => text !== '').length, allSettings.length + 2);
  });

  it('cuts nothing off and lets no control character through', () => {
    const long = `https://h/${'x'.repeat(500)}`;
    assert.ok(config(['--metrics-endpoint', long]).includes(long));
    const text = config(['--region', 'a\u001b[31mb\nc\u009b']);
    assert.ok(text.includes('a\u241b[31mb\u240ac\u2421'), text);
  });

  it('prints JSON for programs', () => {
    const found = values(['--listen=[::1]:9', '--no-loop', '--container-denylist', 'a', '--container-denylist', '-b'], {
      COROOT_LOOP: '1',
    });
    assert.deepEqual(found.get('listen'), { value: '[::1]:9', origin: 'flag --listen' });
    assert.deepEqual(found.get('loop'), { value: 'false', origin: 'flag --loop' });
    assert.deepEqual(found.get('container-denylist'), { value: 'a, -b', origin: 'flag --container-denylist' });
  });

  it('takes an empty flag as it is meant', () => {
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
  it('say nothing on what is not given', () => {
    const command = addSettingsOptions(new Command()).parse([], { from: 'user' });
    assert.deepEqual([...new Set(Object.values(settingsFromOptions(command.opts())))], [undefined]);
  });

  it('name variable and default in the help, and what is not in effect yet', () => {
    const help = addSettingsOptions(new Command().configureHelp({ helpWidth: 500 })).helpInformation();
    assert.match(help, /--scrape-interval <duration> .*\(COROOT_SCRAPE_INTERVAL, default 15s\)/);
    assert.match(help, /--settings-file <path> .*COROOT_SETTINGS_FILE/);
    assert.match(help, /--provider <name> .*not in effect yet\)/);
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

  it('ends with 2 and one line for a value that is not allowed', () => {
    const { status, stdout, stderr } = run(['run', '--speed', 'fast']);
    assert.deepEqual([status, stdout], [2, '']);
    assert.equal(stderr, 'coroot-agent: speed: "fast" is not allowed: must be 1 or max (from flag --speed)\n');
  });

  it('ends with 2 and the nearest name for an unknown flag', () => {
    const { status, stderr } = run(['config', '--scrape-intervall', '1s']);
    assert.equal(status, 2);
    assert.match(stderr, /unknown option '--scrape-intervall'\n\(Did you mean --scrape-interval\?\)/);
  });

  it('takes arguments from a file', () => {
    const file = join(folder, 'arguments');
    writeFileSync(file, '# ours\n--region\ntwo words\n');
    const { status, stdout } = run(['config', `@${file}`]);
    assert.equal(status, 0);
    assert.match(stdout, /^region +two words +flag --region$/m);
  });

  it('prints colours only where they are wanted', () => {
    const bold = '\u001b[1m';
    assert.ok(!run(['config']).stdout.includes(bold), 'a pipe');
    assert.ok(run(['config'], { FORCE_COLOR: '1' }).stdout.includes(bold), 'asked for');
    assert.ok(!run(['config'], { FORCE_COLOR: '1', NO_COLOR: '1' }).stdout.includes(bold), 'NO_COLOR');
  });
});
