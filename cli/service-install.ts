// The commands `coroot-agent service install`, `uninstall` and `restore-coroot-agent`; each prints every step.
import { fileURLToPath } from 'node:url';
import { AgentError, reasonOf } from '../src/base/errors.ts';
import { isBundled, serviceEntry } from '../src/base/worker-entry.ts';
import { stopService } from '../src/service/control.ts';
import { checkDataFolder, faultText } from '../src/service/folder-faults.ts';
import { applyChanges, describeChange, plannedChanges } from '../src/service/install-step.ts';
import { installationSteps } from '../src/service/installation.ts';
import { OTHER_SERVICE_NAME, SERVICE_NAME } from '../src/service/names.ts';
import { programFaults } from '../src/service/program-faults.ts';
import { removals } from '../src/service/removal.ts';
import { disableOther, rememberedOther, restoreOther } from '../src/service/replacement.ts';
import type { Account } from '../src/service/rights.ts';
import { openScm, SC_MANAGER_CREATE_SERVICE, statusOf } from '../src/service/scm.ts';
import { readConfig } from '../src/service/service-config.ts';
import { ownSid } from '../src/service/token.ts';
import { dataFolder } from '../src/settings/index.ts';
import type { Io } from './client-options.ts';
import { importOtherSettings } from './import-settings.ts';
import { printLine } from './output.ts';

const SERVICE_DISABLED = 4;

export interface InstallCommandOptions {
  readonly account?: Account;
  readonly replaceCorootAgent: boolean;
  /** Installs a program that other accounts can change. */
  readonly allowUnsafeProgram: boolean;
  readonly dryRun: boolean;
}

/** Throws NOT_ELEVATED before anything is changed: only administrators have the right to create services. */
function requireElevation(dryRun: boolean): void {
  if (!dryRun) openScm(SC_MANAGER_CREATE_SERVICE)[Symbol.dispose]();
}

export async function install(options: InstallCommandOptions, io: Io): Promise<void> {
  requireElevation(options.dryRun);
  const folder = dataFolder(io.env);
  const otherStatus = activeOther();
  if (otherStatus && !options.replaceCorootAgent)
    throw new AgentError('OTHER_AGENT', { service: OTHER_SERVICE_NAME, state: otherStatus });
  const entryPath = fileURLToPath(serviceEntry());
  checkProgram(entryPath, options.allowUnsafeProgram, io);
  const parts = installationSteps({
    nodePath: process.execPath,
    entryPath,
    account: options.account,
    dataFolder: folder,
    self: ownSid(),
  });
  const changes = plannedChanges(parts);
  if (options.dryRun) {
    printLine(io.out, changes.length === 0 ? 'Nothing to change: the installation is complete.' : 'Would change:');
    for (const change of changes) printLine(io.out, `  ${describeChange(change)}`);
  } else {
    applyChanges(changes, (change, failure) => {
      if (failure === undefined) printLine(io.out, describeChange(change));
      else printLine(io.err, `warning: ${change.step.what} is not changed: ${failure}`);
    });
    if (changes.length === 0) printLine(io.out, 'Nothing to change: the installation is complete.');
  }
  if (options.replaceCorootAgent) await replaceOther(folder, options.dryRun, io);
  if (!options.dryRun)
    printNextStep(
      io,
      changes.some(({ step }) => step.what === 'command line' || step.what === 'account'),
    );
}

function printNextStep(io: Io, programChanged: boolean): void {
  const running = statusOf(SERVICE_NAME)?.state === 'running';
  if (!running) printLine(io.out, 'To start it: coroot-agent service start');
  else if (programChanged) printLine(io.out, 'The change needs a restart: coroot-agent service restart');
}

/** The state of Coroot's own agent if it runs or starts automatically. */
function activeOther(): string | undefined {
  const state = statusOf(OTHER_SERVICE_NAME)?.state;
  if (state === undefined) return undefined;
  return state !== 'stopped' || readConfig(OTHER_SERVICE_NAME)?.startType !== SERVICE_DISABLED ? state : undefined;
}

async function replaceOther(folder: string, dryRun: boolean, io: Io): Promise<void> {
  const active = activeOther();
  if (active === undefined) {
    printLine(io.out, `There is no active service ${OTHER_SERVICE_NAME} to replace.`);
    return;
  }
  importOtherSettings(folder, dryRun, io);
  if (dryRun) {
    printLine(io.out, `Would stop and disable ${OTHER_SERVICE_NAME} (now ${active}).`);
    return;
  }
  await disableOther(folder);
  printLine(
    io.out,
    `${OTHER_SERVICE_NAME} is stopped and disabled; coroot-agent service restore-coroot-agent restores it.`,
  );
}

/** Packages that are not part of the bundle. */
const EXTERNAL_PACKAGES = ['koffi', '@koromix'];

/** Throws PROGRAM_UNSAFE: an account that can change the program of the service gets its rights. */
function checkProgram(entry: string, allowed: boolean, io: Io): void {
  const packages = isBundled ? EXTERNAL_PACKAGES : undefined;
  const faults = programFaults({ node: process.execPath, entry, packages });
  if (faults.length === 0) return;
  if (!allowed) throw new AgentError('PROGRAM_UNSAFE', { reason: faultText(faults) });
  printLine(io.err, `warning: other accounts can gain the rights of the service: ${faultText(faults)}`);
}

export interface UninstallCommandOptions {
  readonly keepData: boolean;
  readonly restoreCorootAgent: boolean;
  readonly dryRun: boolean;
}

export async function uninstall(options: UninstallCommandOptions, io: Io): Promise<void> {
  requireElevation(options.dryRun);
  const folder = dataFolder(io.env);
  const running = statusOf(SERVICE_NAME);
  const active = running !== undefined && running.state !== 'stopped';
  const found = removals(folder, options.keepData, ownSid());
  if (options.dryRun) {
    if (active) printLine(io.out, `Would stop ${SERVICE_NAME}.`);
    for (const { what } of found) printLine(io.out, `Would remove: ${what}`);
    if (options.restoreCorootAgent) await restore(true, io);
    else if (found.length === 0) printLine(io.out, 'Nothing to remove: it is not installed.');
    return;
  }
  if (active) {
    await stopService(SERVICE_NAME);
    printLine(io.out, `${SERVICE_NAME} has stopped.`);
  }
  // The saved state of the other agent is in the data folder.
  if (options.restoreCorootAgent) await restore(false, io);
  else if (found.length > 0 && !options.keepData && rememberedOther(folder))
    printLine(io.err, `warning: ${OTHER_SERVICE_NAME} stays disabled; --restore-coroot-agent would have restored it.`);
  for (const { what, remove } of found) {
    try {
      remove();
    } catch (error) {
      if (error instanceof AgentError) throw error;
      throw new AgentError('SERVICE_FAILED', { action: `removing ${what}`, reason: reasonOf(error) }, { cause: error });
    }
    printLine(io.out, `Removed: ${what}`);
  }
  if (found.length === 0) printLine(io.out, 'Nothing to remove: it is not installed.');
}

/** Restores start type and state of Coroot's own agent. */
export async function restore(dryRun: boolean, io: Io): Promise<void> {
  requireElevation(dryRun);
  const folder = dataFolder(io.env);
  // Others must not choose what is started.
  if (!dryRun) checkDataFolder(folder, ownSid());
  const remembered = rememberedOther(folder);
  if (!remembered) {
    printLine(io.out, `${OTHER_SERVICE_NAME} was not replaced: there is nothing to restore.`);
    return;
  }

  if (dryRun) {
    printLine(
      io.out,
      `Would restore the start type of ${OTHER_SERVICE_NAME}${remembered.running ? ' and start it' : ''}.`,
    );
    return;
  }
  if (statusOf(SERVICE_NAME)?.state === 'running') {
    await stopService(SERVICE_NAME);
    printLine(io.out, `${SERVICE_NAME} has stopped: only one agent may run on a host.`);
  }
  await restoreOther(folder);
  printLine(io.out, `${OTHER_SERVICE_NAME} has its previous start type${remembered.running ? ' and runs' : ''}.`);
}
