#!/usr/bin/env node
// Entry of `coroot-agent`: reads the command line and runs one command.
import { Command } from 'commander';
import { AgentError, reasonOf } from '../src/base/errors.ts';
import { AGENT_VERSION } from '../src/base/version.ts';
import { addConfigCommand } from './commands/config.ts';
import { addConnectionsCommand } from './commands/connections.ts';
import { addContainersCommand } from './commands/containers.ts';
import { addRecordCommand } from './commands/record.ts';
import { addRunCommand } from './commands/run.ts';
import { addServicesCommand } from './commands/services.ts';
import { addStatusCommand } from './commands/status.ts';

const out = (text: string): void => {
  process.stdout.write(text);
};

const program = new Command('coroot-agent')
  .description('Sees a Windows host as Coroot sees a Linux one: services, containers, connections, metrics')
  .version(AGENT_VERSION, '--version', 'print the version and exit')
  .showHelpAfterError()
  .configureHelp({ sortSubcommands: false });

const io = { out, env: process.env };
addRunCommand(program, io);
addStatusCommand(program, io);
addContainersCommand(program, io);
addConnectionsCommand(program, io);
addServicesCommand(program, io);
addRecordCommand(program, io);
addConfigCommand(program, io);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof AgentError) {
    process.stderr.write(`coroot-agent: ${error.message}\n`);
    if (error.code !== 'SETTING_INVALID') process.stderr.write(`${error.hint}\n`);
    process.exit(error.exitCode);
  }
  process.stderr.write(`coroot-agent: ${error instanceof Error ? error.stack : reasonOf(error)}\n`);
  process.exit(1);
}
