// `coroot-agent run`: the agent in the foreground.
import type { Command } from 'commander';
import { createAgent } from '../../src/agent.ts';
import { prepareCrashReports } from '../../src/base/crash-report.ts';
import { endpointText } from '../../src/base/ip.ts';
import { createLogger } from '../../src/base/log.ts';
import { RecentMessages } from '../../src/base/recent-messages.ts';
import { AGENT_VERSION } from '../../src/base/version.ts';
import { crashSiteFor } from '../../src/crash-site.ts';
import { loadDelivery } from '../../src/load-delivery.ts';
import { limitThisProcess } from '../../src/service/job-limits.ts';
import { refuseBesideOther } from '../../src/service/other-agent.ts';
import { runAgentProcess } from '../agent-process.ts';
import type { Io } from '../client-options.ts';
import { printLine } from '../output.ts';
import { addSettingsOptions, configFromOptions } from '../settings-options.ts';

export function addRunCommand(program: Command, io: Io): void {
  const command = program.command('run').description('run the agent in the foreground until Ctrl-C');
  addSettingsOptions(command);
  command.action(async () => {
    const config = configFromOptions(command, io.env);
    const messages = new RecentMessages();
    const logger = await createLogger({
      level: config.logLevel,
      console: true,
      colour: process.stderr.isTTY && !io.env.NO_COLOR,
      onMessage: ({ text }) => messages.note(`${new Date().toISOString()} ${text}`),
    });
    // Off Windows the host reports that it cannot be read.
    if (config.host.kind === 'windows' && process.platform === 'win32') refuseBesideOther();
    prepareCrashReports(crashSiteFor(config, 'foreground', messages, io.env));
    for (const problem of limitThisProcess({
      cpuPercent: config.cpuLimitPercent,
      memoryBytes: config.memoryLimitBytes,
    }))
      logger.warn(problem);
    const agent = createAgent(config, logger, { delivery: await loadDelivery(config, logger) });
    // Signals are handled from here on: a reader of the output below may send one at once.
    const started = runAgentProcess(agent, logger);
    if (config.host.kind === 'tape') {
      printLine(
        io.out,
        `Replaying a recorded host, not this machine: ${config.host.file}${config.loop ? ', in a loop' : ''}.`,
      );
    } else {
      printLine(io.out, `CorootAgent ${AGENT_VERSION} observes this machine.`);
    }
    const header = await started;
    const address = endpointText(config.listen.host, agent.port);
    logger.info(`listening on http://${address}`);
    const subject = config.host.kind === 'tape' ? 'This recording' : 'This host';
    for (const { part, replacement } of header.standIns)
      logger.info(`${subject} replaces ${part} with ${replacement}.`);
    // Client commands use the listen address of the settings; they do not know the flags of this command.
    const known = !config.raw.get('listen')?.origin.startsWith('flag') && agent.port === config.listen.port;
    for (const line of nextSteps(address, known ? '' : ` --address ${address}`)) printLine(io.out, line);
  });
}

function nextSteps(address: string, option: string): string[] {
  return [
    'Try next, in another window:',
    `  curl http://${address}/metrics`,
    `  npm run agent -- status${option}`,
    `  npm run agent -- containers${option}`,
    `  npm run agent -- connections "orders*"${option}`,
    '  pwsh -Command "Import-Module ./CorootAgent; Get-CorootContainer"',
    'Ctrl-C stops.',
  ];
}
