// Accounting under random answers: every item is delivered, queued or dropped by a reason, and the order holds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from '../../helpers/delivery.ts';
import { createDestination, payloadOf } from '../../helpers/delivery.ts';
import { below, seeded } from '../../helpers/random.ts';

const answers: readonly Answer[] = [
  { kind: 'success' },
  { kind: 'success' },
  { kind: 'success' },
  { kind: 'retryable' },
  { kind: 'retryable', retryAfterMs: 7000 },
  { kind: 'refused' },
  { kind: 'redirected' },
  { kind: 'too-large' },
  { kind: 'rejected', text: 'out_of_order' },
  { kind: 'rejected', text: 'too_old' },
  { kind: 'rejected', text: 'duplicate' },
  { kind: 'rejected', text: 'invalid' },
  { kind: 'rejected', text: 'too_large' },
];

for (let seed = 1; seed <= 40; seed++)
  test(`accounts for every item and keeps the order, with random answers of seed ${seed}`, async () => {
    const random = seeded(seed);
    const { destination, queue, clock, transport } = createDestination(() => answers[below(random, answers.length)]!);
    clock.jitter = random;
    destination.start();
    let sample = 0;
    let payloads = 0;
    for (let step = 0; step < 60; step++) {
      for (let added = below(random, 4); added > 0; added--) {
        const count = 1 + below(random, 6);
        await destination.add(payloadOf(Array.from({ length: count }, () => ++sample)));
        payloads++;
      }
      if (below(random, 10) === 0) queue.removeFaults.push(new Error('EIO'));
      if (below(random, 20) === 0) clock.set(below(random, 7_200_000) - 3_600_000);
      await clock.advance(below(random, 60_000));
    }
    await destination.stop(1000);
    const { totals } = destination.status();
    const dropped = Object.values(totals.dropped);
    const sum = (of: 'payloads' | 'items') => dropped.reduce((total, amount) => total + amount[of], 0);
    assert.deepEqual(totals.produced, { payloads, items: sample });
    const { payloads: queuedPayloads, items: queuedItems } = queue.size();
    assert.equal(totals.delivered.payloads + sum('payloads') + queuedPayloads, payloads);
    // Parts of the first payload may be delivered while the payload is still queued.
    assert.equal(totals.delivered.items + sum('items') + queuedItems, sample);
    assert.deepEqual(
      transport.accepted,
      transport.accepted.toSorted((a, b) => a - b),
    );
    assert.equal(new Set(transport.accepted).size, transport.accepted.length, 'no item is accepted twice');
  });
