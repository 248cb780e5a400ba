// `npm run start:wine`: the agent live under Wine, on the mesh of demo services, until Ctrl-C.
import { spawnSync } from 'node:child_process';
import { createMesh } from '../test/windows/mesh/mesh.ts';
import { follow } from './lib/follow.ts';
import { windowsBuild } from './lib/windows-build.ts';
import { openWine } from './lib/wine.ts';

if (spawnSync(process.execPath, ['scripts/build.ts'], { stdio: 'inherit' }).status !== 0) process.exit(1);
await using wine = await openWine();
console.log('Starting twenty demo services under Wine ...');
const mesh = await createMesh(wine);
await mesh.start();
const build = await windowsBuild();
const agent = wine.spawn(build.node, [wine.toWindowsPath(build.main), 'run', ...process.argv.slice(2)]);
const outputs = [follow(agent.stdoutPath, process.stdout), follow(agent.stderrPath, process.stderr)];
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => agent.interrupt());
const { code } = await agent.wait();
for (const output of outputs) output.stop();
process.exitCode = code;
