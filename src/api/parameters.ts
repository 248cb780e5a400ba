// Query parameters that select rows of an answer: patterns of names (src/base/wildcard.ts), failures, and a limit.
import * as Type from 'typebox';
import { matcher } from '../base/wildcard.ts';
import { DEFAULT_ROWS, MAX_ROWS } from './limits.ts';

const patterns = (description: string) =>
  Type.Optional(Type.Array(Type.String({ maxLength: 1024 }), { maxItems: 1000, description }));

const container = patterns('Only these containers, by patterns of ids or names.');
const rows = {
  container,
  failed: Type.Optional(Type.Boolean({ description: 'True for only what failed.' })),
  limit: Type.Integer({
    minimum: 1,
    maximum: MAX_ROWS,
    default: DEFAULT_ROWS,
    description: 'The most rows to answer; `truncated` is true when more are selected.',
  }),
};
const closed = { additionalProperties: false };

export const containerQuery = Type.Object({ container }, closed);
export type ContainerFilter = Type.Static<typeof containerQuery>;

export const connectionQuery = Type.Object(
  {
    ...rows,
    destination: patterns(
      'Only these destinations, by patterns of `destination`, `actualDestination` or `destinationName`.',
    ),
  },
  closed,
);
export type ConnectionFilter = Type.Static<typeof connectionQuery>;

export const dnsRequestQuery = Type.Object(
  {
    ...rows,
    domain: patterns('Only requests of these names.'),
    type: patterns('Only requests of these record types.'),
    status: patterns('Only requests with these statuses.'),
  },
  closed,
);
export type DnsRequestFilter = Type.Static<typeof dnsRequestQuery>;

/** Whether the id or the name of a container matches the filter. */
export function containerMatcher(
  filter: ContainerFilter,
): (container: { readonly id: string; readonly name: string }) => boolean {
  const matches = matcher(filter.container ?? []);
  return ({ id, name }) => matches(id) || matches(name);
}
