// Entry of the service process: connects to the service control manager first, then loads everything else.
import { printableLines } from './base/printable.ts';
import { exitProcess } from './exit.ts';
import { connectToScm } from './service/dispatcher.ts';
import { SERVICE_NAME } from './service/names.ts';

try {
  const service = await connectToScm(SERVICE_NAME);
  try {
    const { runService } = await import('./service-run.ts');
    await runService(service);
  } catch (error) {
    // A file of the installation is missing or broken: without the engine only the exit code can be reported.
    process.stderr.write(printableLines(`coroot-agent: ${error instanceof Error ? error.stack : error}\n`));
    service.states.stopped(1);
    await service.released;
    exitProcess(1);
  }
} catch (error) {
  const reason = error instanceof Error ? error.message : error;
  process.stderr.write(printableLines(`coroot-agent: ${reason}\n`));
  process.stderr.write('This is the entry of the service; coroot-agent run starts it in the foreground.\n');
  exitProcess(1);
}
