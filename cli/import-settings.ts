// Imports settings of Coroot's own agent into the settings file; existing entries are kept.
import { win32 } from 'node:path';
import { AgentError, reasonOf } from '../src/base/errors.ts';
import { parseJsonObject } from '../src/base/json-object.ts';
import { readSmallFile } from '../src/base/small-file.ts';
import { SETTINGS_ACCESS, writeProtected } from '../src/service/data-folder.ts';
import { SETTINGS_FILE } from '../src/service/folder-faults.ts';
import { type FoundSetting, type KnownSetting, readOtherSettings } from '../src/service/import-settings.ts';
import { allSettings, maskValue, parseSetting, ruleFor, variableOf } from '../src/settings/index.ts';
import type { Io } from './client-options.ts';
import { printLine } from './output.ts';

/** `listen` is overwritten by that agent when it pushes, and its spool folder stays its own. */
const NOT_OURS: ReadonlySet<string> = new Set(['listen', 'wal-dir']);

const importable = allSettings.filter(({ name }) => !NOT_OURS.has(name));

/** Prints what is imported, with secrets masked. Throws SETTINGS_FILE_INVALID. */
export function importOtherSettings(folder: string, dryRun: boolean, io: Io): void {
  const known = importable.map(({ name, kind }): KnownSetting => ({ name, kind, variable: variableOf(name) }));
  const { settings: found, unknown } = readOtherSettings(known);
  const path = win32.join(folder, SETTINGS_FILE);
  const { merged, imported, skipped } = mergeSettings(readEntries(path), found);
  for (const line of skipped) printLine(io.out, `  not imported: ${line}`);
  for (const flag of unknown) printLine(io.out, `  not imported: ${flag}`);
  if (imported.length === 0) {
    printLine(io.out, 'No settings to import.');
    return;
  }
  printLine(io.out, `${dryRun ? 'Would import' : 'Imported'} into ${path}:`);
  for (const line of imported) printLine(io.out, `  ${line}`);
  if (!dryRun) writeProtected(path, `${JSON.stringify(merged, null, 2)}\n`, SETTINGS_ACCESS);
}

export interface MergedSettings {
  readonly merged: Readonly<Record<string, unknown>>;
  /** One line each: setting, masked value, origin. */
  readonly imported: readonly string[];
  readonly skipped: readonly string[];
}

export function mergeSettings(
  present: Readonly<Record<string, unknown>>,
  found: readonly FoundSetting[],
): MergedSettings {
  const merged: Record<string, unknown> = { ...present };
  const imported: string[] = [];
  const skipped: string[] = [];
  for (const { name, texts, origin } of found) {
    const setting = importable.find((each) => each.name === name)!;
    const shown = texts.map((text) => maskValue(setting, text)).join(', ');
    if (name in present) skipped.push(`${name} (${origin}): the settings file has it already`);
    else if (parseSetting(setting, texts) === undefined)
      skipped.push(`${name} = ${shown} (${origin}): must be ${ruleFor(setting, texts)}`);
    else {
      merged[name] =
        setting.kind === 'list' ? texts : setting.kind === 'switch' ? parseSetting(setting, texts) : texts[0];
      imported.push(`${name} = ${shown} (${origin})`);
    }
  }
  return { merged, imported, skipped };
}

function readEntries(file: string): Record<string, unknown> {
  try {
    return parseJsonObject(readSmallFile(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new AgentError('SETTINGS_FILE_INVALID', { file, reason: reasonOf(error) }, { cause: error });
  }
}
