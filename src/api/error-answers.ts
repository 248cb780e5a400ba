// Turns every failure into an answer in the form of errors, also where the HTTP parser fails before a route is known.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError } from 'fastify';
import { AgentError, reasonOf } from '../base/errors.ts';
import type { ErrorAnswer } from './resources/error.ts';
import { answerAndClose } from './socket-answer.ts';

/** Methods of all routes, for an answer to a request that no route matched. */
const ALLOWED_METHODS = 'GET, HEAD';

/** Time after which a client may try again that was refused because the agent is busy. */
export const RETRY_AFTER_SECONDS = 1;

export function toAgentError(error: FastifyError | AgentError): AgentError {
  if (error instanceof AgentError) return error;
  if (error.statusCode !== undefined && error.statusCode < 500)
    return new AgentError('BAD_REQUEST', { reason: error.message });
  return new AgentError('INTERNAL', { reason: reasonOf(error) });
}

export function errorAnswer({ code, message, hint, httpStatus }: AgentError): { status: number; answer: ErrorAnswer } {
  return { status: httpStatus, answer: { error: { code, message, hint } } };
}

/** Errors of the parser by their codes in Node (https://nodejs.org/api/http.html#event-clienterror). */
export function parserError({ code, message }: NodeJS.ErrnoException): AgentError {
  if (code === 'HPE_HEADER_OVERFLOW') return new AgentError('HEADERS_TOO_LARGE');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new AgentError('REQUEST_TIMEOUT');
  return new AgentError('BAD_REQUEST', { reason: `this is not a valid HTTP/1.1 request: ${message}` });
}

/** The response in progress on a connection, which Node keeps in this field. */
type HttpSocket = Socket & { _httpMessage?: ServerResponse<IncomingMessage> | null };

/**
 * Answers an error of the parser and closes the connection; returns the status, or undefined if no answer was possible
 * because the client is gone or is still receiving another answer.
 */
export function answerOnSocket(error: AgentError, socket: HttpSocket): number | undefined {
  if (!socket.writable || socket._httpMessage?.headersSent) {
    socket.destroy();
    return undefined;
  }
  const { status, answer } = errorAnswer(error);
  const headers = {
    ...(error.code === 'BUSY' ? { 'retry-after': RETRY_AFTER_SECONDS } : {}),
    // RFC 9110, section 15.5.6.
    ...(error.code === 'METHOD_NOT_ALLOWED' ? { allow: ALLOWED_METHODS } : {}),
  };
  answerAndClose(socket, `${status} ${error.code}`, JSON.stringify(answer), { headers });
  return status;
}
