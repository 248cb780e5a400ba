// `npm start`: the agent in the foreground, on this machine under Windows and on the bundled demo tape elsewhere.
import { spawn, spawnSync } from 'node:child_process';

const demoTape = 'docs/demo/shop.tape.gz';

const built = spawnSync(process.execPath, ['scripts/build.ts'], { stdio: 'inherit' });
if (built.status !== 0) process.exit(1);
const host = process.platform === 'win32' ? [] : ['--host', `tape:${demoTape}`, '--speed', 'max', '--loop'];
const agent = spawn(process.execPath, ['dist/main.js', 'run', ...host, ...process.argv.slice(2)], { stdio: 'inherit' });
// Ctrl-C reaches the agent by itself; this process waits for its end.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => agent.kill('SIGTERM'));
agent.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
