// Decodes OTLP requests for logs with OpenTelemetry's generated messages for Python, as Debian packages them.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { installPeer, otlpPackage, pythonCommand } from '../../../scripts/lib/debian-peers.ts';
import type { DecodedLogs } from '../protobuf.ts';

const script = fileURLToPath(new URL('otlp-decoder.py', import.meta.url));

/** The body of a request, not compressed. Throws if it is malformed or has a field that OTLP does not define. */
export async function decodeWithPython(body: Uint8Array): Promise<DecodedLogs> {
  const [program, ...args] = pythonCommand(await installPeer(otlpPackage), script);
  const { status, stdout, stderr } = spawnSync(program, args, { input: body, maxBuffer: 64 << 20 });
  if (status !== 0) throw new Error(`The decoder failed: ${stderr}`);
  return JSON.parse(stdout.toString(), decodeBytes) as DecodedLogs;
}

/** JSON has bytes in base64: https://protobuf.dev/programming-guides/json/ */
function decodeBytes(name: string, value: unknown): unknown {
  return name === 'traceId' || name === 'spanId' ? Buffer.from(value as string, 'base64') : value;
}
