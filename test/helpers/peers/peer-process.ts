// A peer of the tests as a child process on a loopback port, with a data folder that survives a restart.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../poll.ts';
import { freePort } from '../ports.ts';

const READY_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 10_000;
const MAX_OUTPUT_CHARS = 65_536;

/** How a peer is started. */
export interface PeerCommand {
  readonly name: string;
  readonly program: string;
  /** Arguments for a port and the data folder; may write files into the folder. */
  args(port: number, folder: string): readonly string[];
  /** Resolves with true when the peer answers; errors count as not ready. */
  isReady(port: number): Promise<boolean>;
}

/** A running peer. Disposing of it ends the process and removes the folder. */
export class PeerProcess implements AsyncDisposable {
  readonly port: number;
  readonly #command: PeerCommand;
  readonly #folder: string;
  #child: ChildProcess | undefined;
  #output = '';

  private constructor(command: PeerCommand, port: number) {
    this.#command = command;
    this.port = port;
    this.#folder = mkdtempSync(join(tmpdir(), `coroot-agent-${command.name}-`));
  }

  /** Starts the peer on a free port and waits until it answers. Throws with its output if it does not. */
  static async open(command: PeerCommand): Promise<PeerProcess> {
    const peer = new PeerProcess(command, await freePort());
    try {
      await peer.start();
    } catch (error) {
      await peer[Symbol.asyncDispose]();
      throw error;
    }
    return peer;
  }

  /** Starts it again after a stop, with the same port and data. */
  async start(): Promise<void> {
    const { name, program } = this.#command;
    const args = this.#command.args(this.port, this.#folder);
    // The peer ends with this process, also when that is killed.
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (bytes: Buffer) => {
        this.#output = `${this.#output}${bytes}`.slice(-MAX_OUTPUT_CHARS);
      });
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`${name} ended with exit code ${code}:\n${this.#output}`);
    });
    const ready = until(`${name} on port ${this.port}`, READY_TIMEOUT_MS, async () =>
      (await this.#command.isReady(this.port)) ? true : undefined,
    );
    ended.catch(() => {});
    await Promise.race([ready, ended]);
  }

  /** Ends the process in order, or by force if it takes too long. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Ends the process at once, as a crash does. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** The end of what it has printed. */
  get output(): string {
    return this.#output;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(timer);
  }
}

/** True when the URL answers with status 200. */
export async function answers(url: string): Promise<boolean> {
  const answer = await fetch(url);
  await answer.body?.cancel();
  return answer.status === 200;
}

/** True when the port accepts connections. */
export async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } finally {
    socket.destroy();
  }
}
