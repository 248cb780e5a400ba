// The output of CLI commands that query a real control plane on the model of a test.
import type { AddressInfo } from 'node:net';
import { stripVTControlCharacters } from 'node:util';
import { Command } from 'commander';
import type { Io } from '../../cli/client-options.ts';
import type { ApiContext } from '../../src/api/context.ts';
import type { HostModel } from '../../src/model/host-model.ts';
import { anApi } from './api.ts';

/** The output without colours, with runs of spaces replaced by one space. */
export async function printedBy(
  commands: readonly ((program: Command, io: Io) => void)[],
  args: readonly string[],
  model: HostModel,
  overrides: Partial<ApiContext> = {},
  onOutput: (part: string) => void = () => {},
): Promise<string> {
  const { app } = anApi({ model, ...overrides });
  await app.listen({ host: '127.0.0.1', port: 0 });
  let text = '';
  const out = (part: string): void => {
    text += part;
    onOutput(part);
  };
  const program = new Command();
  for (const add of commands) add(program, { out, err: () => {}, env: {} });
  try {
    const address = `127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    await program.parseAsync([...args, '--address', address], { from: 'user' });
  } finally {
    await app.close();
  }
  return stripVTControlCharacters(text).replace(/ +/g, ' ');
}
