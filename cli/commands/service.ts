// `coroot-agent service`: installs, controls, shows and removes the Windows service.
import { win32 } from 'node:path';
import { type Command, Option } from 'commander';
import { crashReportNames } from '../../src/base/crash-report.ts';
import { AgentError, reasonOf } from '../../src/base/errors.ts';
import { endText, startService, stopService } from '../../src/service/control.ts';
import { CRASH_FOLDER } from '../../src/service/data-folder.ts';
import { SERVICE_NAME } from '../../src/service/names.ts';
import { statusOf } from '../../src/service/scm.ts';
import { readConfig } from '../../src/service/service-config.ts';
import { dataFolder } from '../../src/settings/index.ts';
import type { Io } from '../client-options.ts';
import { printFacts, printJson, printLine } from '../output.ts';
import {
  type InstallCommandOptions,
  install,
  restore,
  type UninstallCommandOptions,
  uninstall,
} from '../service-install.ts';

interface DryRun {
  readonly dryRun: boolean;
}

export function addServiceCommand(program: Command, io: Io): void {
  const group = program.command('service').description('install, control and remove the Windows service of the agent');
  group.hook('preAction', () => {
    if (process.platform !== 'win32') throw new AgentError('SERVICE_NO_WINDOWS', { platform: process.platform });
  });
  const add = (name: string, description: string): Command =>
    group
      .command(name)
      .description(description)
      .option('--dry-run', 'print what would change, without changing it', false);

  add('install', 'install the service, or repair an existing installation')
    .addOption(
      new Option(
        '--account <account>',
        'system (LocalSystem) or virtual, which has fewer rights (docs/security.md)',
      ).choices(['system', 'virtual']),
    )
    .option(
      '--replace-coroot-agent',
      'take the place of Coroot’s own agent: import its settings, stop and disable it',
      false,
    )
    .option(
      '--allow-unsafe-program',
      'install although other accounts can change node.exe, the agent or a folder above them: they get its rights',
      false,
    )
    .action((options: InstallCommandOptions) => install(options, io));
  add('uninstall', 'stop and remove the service with its files and registry entries')
    .option('--keep-data', 'keep the data folder with settings and reports', false)
    .option('--restore-coroot-agent', 'restore Coroot’s own agent', false)
    .action((options: UninstallCommandOptions) => uninstall(options, io));
  add('restore-coroot-agent', 'stop the service and restore Coroot’s own agent').action(({ dryRun }: DryRun) =>
    restore(dryRun, io),
  );

  add('start', 'start the service and wait until it runs').action(({ dryRun }: DryRun) =>
    change(['start'], dryRun, io),
  );
  add('stop', 'stop the service and wait until it has stopped').action(({ dryRun }: DryRun) =>
    change(['stop'], dryRun, io),
  );
  add('restart', 'stop and start the service').action(({ dryRun }: DryRun) => change(['stop', 'start'], dryRun, io));
  group
    .command('status')
    .description('show the service, its account and its crash reports')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['table', 'json']).default('table'))
    .action(({ output }: { output: 'table' | 'json' }) => status(output, io));
  for (const each of group.commands) each.exitOverride().showHelpAfterError('(--help lists the options)');
}

async function change(steps: readonly ('start' | 'stop')[], dryRun: boolean, io: Io): Promise<void> {
  const now = statusOf(SERVICE_NAME);
  if (!now) throw new AgentError('SERVICE_MISSING', { service: SERVICE_NAME });
  if (dryRun) {
    printLine(io.out, `Would ${steps.join(' and ')} ${SERVICE_NAME}, which is ${now.state} now.`);
    return;
  }
  for (const step of steps) {
    const changed = step === 'start' ? await startService(SERVICE_NAME) : await stopService(SERVICE_NAME);
    const after = statusOf(SERVICE_NAME);
    const state = after?.state === 'running' ? `runs, process ${after.pid}` : 'has stopped';
    if (changed || steps.length === 1) printLine(io.out, `${SERVICE_NAME} ${changed ? state : `${state} already`}.`);
  }
}

function status(output: 'table' | 'json', io: Io): void {
  const now = statusOf(SERVICE_NAME);
  const config = readConfig(SERVICE_NAME);
  if (!now || !config) throw new AgentError('SERVICE_MISSING', { service: SERVICE_NAME });
  const crashFolder = win32.join(dataFolder(io.env), CRASH_FOLDER);
  const [crashes, unreadable] = readCrashes(crashFolder);
  if (output === 'json') {
    printJson(io.out, { name: SERVICE_NAME, ...now, ...config, crashFolder, crashes });
    return;
  }
  printFacts(io.out, [
    ['Service', `${SERVICE_NAME}, ${now.state}${now.pid === 0 ? `; ${endText(now)}` : `, process ${now.pid}`}`],
    ['Account', config.account],
    ['Program', config.binaryPath],
    [
      'Crashes',
      unreadable
        ? `${crashFolder} cannot be read: ${unreadable}`
        : crashes.length === 0
          ? 'none'
          : `${crashes.length} in ${crashFolder}, the last one ${crashes[0]}`,
    ],
  ]);
}

/** Names of the reports, or why they cannot be listed: only administrators can read the folder. */
function readCrashes(folder: string): [names: string[], unreadable: string] {
  try {
    return [crashReportNames(folder), ''];
  } catch (error) {
    return [[], reasonOf(error)];
  }
}
