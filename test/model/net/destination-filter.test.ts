// The networks of the setting track-public-network, in every spelling.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ipBytes } from '../../../src/base/ip.ts';
import { DestinationFilter } from '../../../src/model/net/destination-filter.ts';

/** Which of these addresses the networks include. */
function included(networks: readonly string[], ...addresses: string[]): string[] {
  const filter = new DestinationFilter({ publicNetworks: networks });
  return addresses.filter((address) => filter.exclusionReason(ipBytes(address)!, 0, 80) === undefined);
}

test('a network of all addresses of a family includes both families', () => {
  for (const network of ['0.0.0.0/0', '::/0', '::ffff:0:0/96', '::FFFF:0.0.0.0/96'])
    assert.deepEqual(included([network], '8.8.8.8', '2001:db8::1'), ['8.8.8.8', '2001:db8::1'], network);
});

test('an IPv6 network of 96 bits, e.g. that of NAT64, includes nothing else', () => {
  assert.deepEqual(included(['64:ff9b::/96'], '8.8.8.8', '2001:db8::1', '64:ff9b::808:808'), ['64:ff9b::808:808']);
  assert.deepEqual(included(['2001:DB8:0:0:0:0::/96'], '8.8.8.8', '2001:db8::1', '2001:db9::1'), ['2001:db8::1']);
});

test('an IPv4 network includes the same addresses in its IPv4-mapped spelling', () => {
  for (const network of ['8.8.8.0/24', '::ffff:8.8.8.0/120', '0:0:0:0:0:FFFF:0808:0800/120'])
    assert.deepEqual(
      included([network], '8.8.8.8', '::ffff:8.8.8.9', '8.8.9.8'),
      ['8.8.8.8', '::ffff:8.8.8.9'],
      network,
    );
});
