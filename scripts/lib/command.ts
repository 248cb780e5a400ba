// Runs a program of this machine and includes its output in the error if it fails.
import { spawn } from 'node:child_process';

/** What to change for one run; `quiet` settles with the exit code instead of throwing. */
export interface CommandOptions {
  cwd?: string;
  env?: Record<string, string>;
  quiet?: boolean;
}

/** How a program ended and all that it printed. */
export interface CommandResult {
  code: number;
  output: string;
}

const tailChars = 4000;

/**
 * Runs `command`; throws with the tail of its output if it fails, unless `quiet`. A missing program is exit code 127.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((settle, fail) => {
    const child = spawn(command, [...args], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (bytes: Buffer) => (output += bytes));
    child.stderr.on('data', (bytes: Buffer) => (output += bytes));
    const finish = (code: number): void => {
      if (code === 0 || options.quiet) settle({ code, output });
      else fail(new Error(`${command} ${args[0] ?? ''} failed with exit code ${code}:\n${output.slice(-tailChars)}`));
    };
    child.on('error', (error) => {
      output += error.message;
      finish(127);
    });
    child.on('close', (code) => finish(code ?? 1));
  });
}
