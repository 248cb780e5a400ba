// Records of messages: trace context and the order of attributes.
import assert from 'node:assert/strict';
import test from 'node:test';
import { logRecordOf } from '../../src/logs/message-record.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'B7AD6B7169203331';

function recordOf(attributes: Record<string, string>) {
  const message = {
    level: 'error',
    body: 'gate shut',
    patternSource: 'gate shut',
    attributes: new Map(Object.entries(attributes)),
    origin: {},
    completeMonoMs: 0,
  } as const;
  const record = logRecordOf(message, 'abc', [1, 2], [3, 4]);
  return { ...record, attributes: Object.entries(record.attributes) };
}

for (const [trace, span] of [
  ['@tr', '@sp'],
  ['TraceId', 'SpanId'],
  ['trace_id', 'span-id'],
  ['trace.id', 'span_id'],
  ['ctx.traceId', 'a.b.span.id'],
] as const)
  test(`takes ids from ${trace} and ${span}, out of the attributes`, () => {
    assert.deepEqual(recordOf({ first: '1', [trace]: TRACE, [span]: SPAN }), {
      time: [1, 2],
      observed: [3, 4],
      level: 'error',
      body: 'gate shut',
      attributes: [
        ['pattern.hash', 'abc'],
        ['first', '1'],
      ],
      traceId: TRACE,
      spanId: SPAN.toLowerCase(),
    });
  });

test('leaves what is no id, an id of a parent, and a second id in the attributes', () => {
  const others = {
    parent_span_id: SPAN,
    'parent.spanid': SPAN,
    mytraceid: TRACE,
    traceid: '0'.repeat(32),
    trace_id: TRACE.slice(1),
    'trace-id': `${TRACE.slice(1)}g`,
    span_id: TRACE,
  };
  const { traceId, spanId, attributes } = recordOf({ ...others, 'trace.id': TRACE, 'x.trace_id': TRACE });
  assert.deepEqual([traceId, spanId], [TRACE, undefined]);
  assert.deepEqual(Object.fromEntries(attributes), { 'pattern.hash': 'abc', ...others, 'x.trace_id': TRACE });
});
