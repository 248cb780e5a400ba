// Fields of a protobuf message, compared with the public decoder and with exact arithmetic.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import protobuf from 'protobufjs';
import { ProtobufWriter } from '../../../src/exporters/otlp/protobuf-writer.ts';

/** A message with a text, a number, a time, bytes and a message of its own kind. */
const { root } = protobuf.parse(`syntax = "proto3"; message Node {
  string text = 1; uint32 number = 2; fixed64 time = 3; bytes id = 4; Node node = 5; repeated string more = 6;
}`);
const Node = root.lookupType('Node');
const TEXT = 0x0a;
const NUMBER = 0x10;
const TIME = 0x19;
const ID = 0x22;
const NODE = 0x2a;
const MORE = 0x32;

function written(write: (writer: ProtobufWriter) => void): Record<string, unknown> {
  const writer = new ProtobufWriter();
  write(writer);
  const bytes = writer.bytes.subarray(0, writer.length);
  return Node.toObject(Node.decode(bytes), { longs: String, bytes: Buffer }) as Record<string, unknown>;
}

test('writes texts whose lengths are around the limits of one, two and three bytes', () => {
  const lengths = [0, 1, 23, 24, 25, 42, 43, 63, 64, 126, 127, 128, 5461, 5462, 8191, 8192, 16_383, 16_384, 70_000];
  for (const character of ['a', 'é', '界', '😀'])
    for (const length of lengths)
      for (const text of [character.repeat(length), `${'a'.repeat(length)}${character}`])
        assert.equal(
          written((writer) => {
            writer.text(TEXT, text);
            writer.varint(NUMBER, 7);
          }).text ?? '',
          text,
        );
});

test('writes lone surrogates in short and long texts as U+FFFD', () => {
  for (const rest of ['', 'x'.repeat(100)]) {
    const text = `a\ud800b\udc00${rest}`;
    assert.equal(written((writer) => writer.text(TEXT, text)).text, `a\ufffdb\ufffd${rest}`);
  }
});

test('writes numbers at the limits of their sizes', () => {
  for (const number of [0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 268_435_455, 268_435_456, 4_294_967_295])
    assert.equal(written((writer) => writer.varint(NUMBER, number)).number ?? 0, number);
});

test('writes times to the nanosecond over the whole range', () => {
  const seconds = [0, 1, 65_535, 65_536, 4_294_967, 4_294_968, 2_147_483_648, 4_294_967_296, 9_223_372_035];
  for (let i = 0; i < 2000; i++)
    seconds.push(Math.floor((i * 9_223_372_035) / 2000), Math.imul(i, 2_654_435_761) >>> 0);
  for (const second of seconds)
    for (const nanosecond of [0, 1, 294_967_295, 294_967_296, 999_999_999])
      assert.equal(
        written((writer) => writer.nanoseconds(TIME, second, nanosecond)).time ?? '0',
        String(BigInt(second) * 1_000_000_000n + BigInt(nanosecond)),
      );
});

test('writes identifiers given in upper and lower case', () => {
  assert.deepEqual(written((writer) => writer.hex(ID, '0AF7651916cd43DD')).id, Buffer.from('0af7651916cd43dd', 'hex'));
});

test('moves a message when its length needs more bytes than its fewest bytes suggest', () => {
  for (const length of [0, 50, 125, 126, 127, 16_380, 16_381, 16_382, 2_097_148, 2_097_149])
    for (const least of [0, Math.min(length, 127), length]) {
      const text = 'x'.repeat(length);
      const message = written((writer) => {
        const outer = writer.begin(NODE, 0);
        const start = writer.begin(NODE, least);
        writer.text(TEXT, text);
        writer.end(start, least);
        writer.end(outer, 0);
        writer.text(MORE, 'after');
      });
      assert.deepEqual(message, { node: { node: text === '' ? {} : { text } }, more: ['after'] });
    }
});

test('takes back what was written after a length, and goes on in a buffer that was used before', () => {
  const message = written((writer) => {
    writer.text(MORE, 'x'.repeat(1_000_000));
    writer.truncate();
    writer.text(MORE, 'kept');
    const { length } = writer;
    writer.text(MORE, 'taken back');
    writer.truncate(length);
    writer.text(MORE, 'last');
  });
  assert.deepEqual(message, { more: ['kept', 'last'] });
});

test('releases a large buffer once a far smaller message was written into it', () => {
  const writer = new ProtobufWriter();
  writer.text(TEXT, 'x'.repeat(300_000));
  writer.truncate();
  assert.ok(writer.bytes.length > 300_000);
  writer.text(TEXT, 'x');
  writer.truncate();
  assert.ok(writer.bytes.length <= 65_536);
});
