// Sends a shared answer in the encoding that the client accepts, or 304 if the client has it.
import { finished } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AnswerCache, SharedAnswer } from './answer-cache.ts';
import { acceptsGzip } from './content-encoding.ts';

/** Rejects with the error of the build. */
export async function sendShared(
  cache: AnswerCache,
  answer: SharedAnswer,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { type, body } = await answer.built;
  reply.headers({ etag: answer.etag, vary: 'accept-encoding' });
  if (matchesTag(request.headers['if-none-match'], answer.etag)) return reply.status(304).send();
  const compressed = acceptsGzip(request.headers['accept-encoding']) ? await cache.compressed(answer) : undefined;
  if (compressed) reply.header('content-encoding', 'gzip');
  finished(reply.raw, cache.read(answer, reply.raw));
  return reply.type(type).send(compressed ?? body);
}

/** Weak comparison (RFC 9110, section 13.1.2). */
function matchesTag(header: string | undefined, etag: string): boolean {
  return (header ?? '').split(',').some((tag) => tag.trim() === etag || tag.trim() === '*');
}
