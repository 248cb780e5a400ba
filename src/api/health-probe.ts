// Answers requests for /health while the HTTP server has no place or no time for their connections.
import type { Socket } from 'node:net';
import type { RequestHead } from './host-check.ts';
import { HEALTH_PATH, HEALTHY } from './resources/health.ts';
import { answerAndClose } from './socket-answer.ts';

/** Longer ones are left to the HTTP server. */
const MAX_BYTES = 2048;
/** A whole request without a query, with the characters that RFC 9110 allows in fields. */
const REQUEST = new RegExp(
  `^(GET|HEAD) ${HEALTH_PATH} HTTP/(1\\.[01])\\r\\n((?:[!#$%&'*+.^_\`|~\\w-]+:[\\t\\x20-\\x7e\\x80-\\xff]*\\r\\n)*)\\r\\n$`,
);
/** Fields that announce a body or ask for another protocol or answer. */
const SPECIAL = /^(?:content-length|transfer-encoding|upgrade|expect|if-none-match):/im;

/** The request for /health that these bytes are; undefined if they are another one, or one with other rules. */
export function healthProbe(received: Buffer): RequestHead | undefined {
  if (received.length > MAX_BYTES) return undefined;
  const [, , httpVersion, fields = ''] = REQUEST.exec(received.toString('latin1')) ?? [];
  if (httpVersion === undefined || SPECIAL.test(fields)) return undefined;
  const rawHeaders = fields.split('\r\n').flatMap((line) => {
    const colon = line.indexOf(':');
    return colon === -1 ? [] : [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  return { httpVersion, rawHeaders, url: HEALTH_PATH };
}

export function answerHealthProbe(socket: Socket, received: Buffer): void {
  const isHead = received.toString('latin1', 0, 4) === 'HEAD';
  answerAndClose(socket, '200 OK', JSON.stringify(HEALTHY), { isHead });
}
