// Decides who may read the routes below /api/v1: programs on this machine, or holders of a token.
import type { FastifyRequest } from 'fastify';
import { AgentError } from '../base/errors.ts';
import { canonicalIp } from '../base/ip.ts';
import type { ApiAccess } from '../settings/index.ts';

/** Routes that answer with names of the host; health, readiness and `/metrics` have the rules of the listener alone. */
const guardedPrefix = '/api/v1/';

/** https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
const bearer = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/** The parts of a request that decide. */
export interface Reader {
  /** Pattern of the route; undefined when no route matched. */
  readonly route: string | undefined;
  readonly remoteAddress: string | undefined;
  /** The address of this machine to which the reader is connected. */
  readonly localAddress: string | undefined;
  readonly authorization: string | undefined;
}

export function readerOf({ routeOptions, raw }: FastifyRequest): Reader {
  const { remoteAddress, localAddress } = raw.socket;
  return { route: routeOptions.url, remoteAddress, localAddress, authorization: raw.headers.authorization };
}

export class AccessCheck {
  readonly #access: ApiAccess;
  readonly #acceptsToken: (token: string) => boolean;

  constructor(access: ApiAccess, acceptsToken: (token: string) => boolean) {
    this.#access = access;
    this.#acceptsToken = acceptsToken;
  }

  /** Why a request is refused; undefined if it is not. */
  refusal(reader: Reader): AgentError | undefined {
    if (!reader.route?.startsWith(guardedPrefix) || this.#hasToken(reader)) return undefined;
    if (this.#access === 'token') return new AgentError('TOKEN_REQUIRED');
    return isOnThisMachine(reader) ? undefined : new AgentError('REMOTE_READER');
  }

  #hasToken({ authorization }: Reader): boolean {
    const token = bearer.exec(authorization ?? '')?.[1];
    return token !== undefined && this.#acceptsToken(token);
  }
}

/** A program that calls one of the machine's own addresses has that address itself. */
function isOnThisMachine({ remoteAddress, localAddress }: Reader): boolean {
  if (remoteAddress === undefined) return false;
  const remote = canonicalIp(remoteAddress) ?? remoteAddress;
  if (remote === '::1' || /^127\./.test(remote)) return true;
  return localAddress !== undefined && remote === (canonicalIp(localAddress) ?? localAddress);
}
