// Answers a connection without the HTTP server, and closes it.
import type { Duplex } from 'node:stream';
import { ANSWER_HEADERS, JSON_TYPE } from './answer-headers.ts';

/** `status` is the code with its phrase, e.g. `200 OK`; `json` is the body, and is not sent in answer to HEAD. */
export function answerAndClose(
  socket: Duplex,
  status: string,
  json: string,
  { headers = {}, isHead = false }: { readonly headers?: Readonly<Record<string, string | number>>; isHead?: boolean },
): void {
  const all = {
    ...ANSWER_HEADERS,
    ...headers,
    'content-type': JSON_TYPE,
    'content-length': Buffer.byteLength(json),
    connection: 'close',
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n${isHead ? '' : json}`, () => socket.destroy());
}
