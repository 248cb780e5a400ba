// Finds the process that listens on a TCP port, for the error that the port is in use.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** `process 1234 (name.exe)`, or `another process` when the system does not report it. */
export async function portOwner(port: number): Promise<string> {
  try {
    const pid = process.platform === 'win32' ? await windowsOwner(port) : linuxOwner(port);
    if (pid === undefined) return 'another process';
    const name =
      process.platform === 'linux' ? readFileSync(`/proc/${pid}/comm`, 'utf8').trim() : await windowsName(pid);
    return name ? `process ${pid} (${name})` : `process ${pid}`;
  } catch {
    // The result is only part of a message, so missing rights are not an error.
    return 'another process';
  }
}

const LISTEN = 2;

async function windowsOwner(port: number): Promise<number | undefined> {
  const { TcpReader } = await import('./poll/tcp.ts');
  for (const table of new TcpReader().read([1]).tables) {
    for (let row = 0; row < table.count; row++)
      if (table.state[row] === LISTEN && table.localPort[row] === port) return table.pid[row];
  }
  return undefined;
}

async function windowsName(pid: number): Promise<string> {
  const { ProcessReader } = await import('./poll/processes.ts');
  const table = new ProcessReader().read();
  const row = table.pid.indexOf(pid);
  return row < 0 ? '' : table.name[row]!;
}

/**
 * https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html: `0A` is the listening state, column 9 the inode.
 */
function linuxOwner(port: number): number | undefined {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = ['tcp', 'tcp6'].flatMap((table) => readFileSync(`/proc/net/${table}`, 'utf8').split('\n').slice(1));
  const inodes = new Set(
    rows
      .map((row) => row.trim().split(/\s+/))
      .filter((columns) => columns[1]?.endsWith(wanted) && columns[3] === '0A')
      .map((columns) => `socket:[${columns[9]}]`),
  );
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).find((pid) => linuxSockets(pid).some((socket) => inodes.has(socket)));
}

function linuxSockets(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  } catch {
    // The process has ended or belongs to another user.
    return [];
  }
}
