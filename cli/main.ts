#!/usr/bin/env node
// Entry of `coroot-agent`: parses the command line and runs one command.
import { once } from 'node:events';
import { Command, CommanderError } from 'commander';
import { expandArgFiles } from '../src/base/arg-files.ts';
import { AgentError, reasonOf } from '../src/base/errors.ts';
import { keepHeapSmall } from '../src/base/memory.ts';
import { printableLines } from '../src/base/printable.ts';
import { readSmallFile } from '../src/base/small-file.ts';
import { AGENT_VERSION } from '../src/base/version.ts';
import { exitAfterOutput, exitProcess } from '../src/exit.ts';
import { addConfigCommand } from './commands/config.ts';
import { addConnectionsCommand } from './commands/connections.ts';
import { addContainersCommand } from './commands/containers.ts';
import { addDiagnoseCommand } from './commands/diagnose.ts';
import { addDnsRequestsCommand } from './commands/dns-requests.ts';
import { addGpusCommand } from './commands/gpus.ts';
import { addListenersCommand } from './commands/listeners.ts';
import { addLogsCommand } from './commands/logs.ts';
import { addNodeCommand } from './commands/node.ts';
import { addPatternsCommand } from './commands/patterns.ts';
import { addProcessesCommand } from './commands/processes.ts';
import { addPushCommand } from './commands/push.ts';
import { addRecordCommand } from './commands/record.ts';
import { addRunCommand } from './commands/run.ts';
import { addServiceCommand } from './commands/service.ts';
import { addServicesCommand } from './commands/services.ts';
import { addStatusCommand } from './commands/status.ts';
import { type Out, printLine } from './output.ts';

const out: Out = (text) => {
  process.stdout.write(text);
};
const err: Out = (text) => {
  process.stderr.write(text);
};

/** Commands with effects beyond their output. */
const working = new Set([
  'run',
  'record',
  'push',
  'diagnose',
  'install',
  'uninstall',
  'restore-coroot-agent',
  'start',
  'stop',
  'restart',
]);
let command = '';

// A reader may close the pipe early (`| head`): a command with effects goes on, any other has no reader left and exits.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (working.has(command)) return;
  if (error.code !== 'EPIPE') printLine(err, `coroot-agent: cannot write the output: ${error.message}`);
  // A command that has already failed keeps its exit code.
  exitProcess(error.code === 'EPIPE' ? Number(process.exitCode ?? 0) : 1);
});

const program = new Command('coroot-agent')
  .description('Observes a Windows host for Coroot and Prometheus: services, containers, connections, metrics')
  .version(AGENT_VERSION, '--version', 'print the version and exit')
  .showHelpAfterError('(--help lists the commands)')
  .exitOverride()
  // Its messages quote arguments. Commands inherit this.
  .configureOutput({
    writeOut: (text) => out(printableLines(text)),
    writeErr: (text) => err(printableLines(text)),
  })
  .hook('preAction', (_, action) => {
    command = action.name();
  });

const ready = async (): Promise<void> => {
  if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
};
const io = { out, err, env: process.env, ready };
keepHeapSmall();
addRunCommand(program, io);
addStatusCommand(program, io);
addContainersCommand(program, io);
addConnectionsCommand(program, io);
addDnsRequestsCommand(program, io);
addServicesCommand(program, io);
addListenersCommand(program, io);
addLogsCommand(program, io);
addPatternsCommand(program, io);
addNodeCommand(program, io);
addGpusCommand(program, io);
addPushCommand(program, io);
addProcessesCommand(program, io);
addRecordCommand(program, io);
addDiagnoseCommand(program, io);
addConfigCommand(program, io);
addServiceCommand(program, io);

// Commander prints its own error; an invalid command line has the exit code of an invalid setting.
for (const each of program.commands) each.exitOverride().showHelpAfterError('(--help lists the options)');

const USAGE_EXIT_CODE = 2;

try {
  await program.parseAsync(expandArgFiles(process.argv.slice(2), readSmallFile), { from: 'user' });
  // `run` has only started the agent; every other command is done, and a natural exit would wait for Node's threads.
  if (command !== 'run') await exitAfterOutput(Number(process.exitCode ?? 0));
} catch (error) {
  if (error instanceof CommanderError) await exitAfterOutput(error.exitCode === 0 ? 0 : USAGE_EXIT_CODE);
  if (error instanceof AgentError) {
    // One line for an invalid setting: the message already names the allowed values.
    printLine(err, `coroot-agent: ${error.message}`);
    if (error.code !== 'SETTING_INVALID') printLine(err, error.hint);
    await exitAfterOutput(error.exitCode);
  }
  err(`${printableLines(`coroot-agent: ${error instanceof Error ? error.stack : reasonOf(error)}`)}\n`);
  await exitAfterOutput(1);
}
