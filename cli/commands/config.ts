// `coroot-agent config`: each setting with its value and its origin.
import { type Command, Option } from 'commander';
import { describeConfig, type SettingDescription } from '../../src/settings/index.ts';
import type { Io } from '../client-options.ts';
import { type Column, printJson, printTable } from '../output.ts';
import { addSettingsOptions, configFromOptions } from '../settings-options.ts';

const columns: Column<SettingDescription>[] = [
  { title: 'SETTING', value: ({ name }) => name },
  { title: 'VALUE', value: ({ value }) => value },
  { title: 'FROM', value: ({ origin }) => origin },
];

export function addConfigCommand(program: Command, io: Io): void {
  const command = program
    .command('config')
    .description('show each setting with its value and its origin, secrets masked')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['table', 'json']).default('table'));
  addSettingsOptions(command).action((options: { output: 'table' | 'json' }) => {
    const rows = describeConfig(configFromOptions(command, io.env));
    if (options.output === 'json') printJson(io.out, rows);
    else printTable(io.out, columns, rows);
  });
}
