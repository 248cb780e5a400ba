// Decodes bodies of remote write with packages that have nothing in common with the encoder: snappyjs and protobufjs.
import protobuf from 'protobufjs';
import snappy from 'snappyjs';

export interface WriteRequest {
  readonly timeseries: readonly TimeSeries[];
  readonly metadata: readonly { type: number; metricFamilyName: string; help: string; unit: string }[];
}

export interface TimeSeries {
  readonly labels: readonly { name: string; value: string }[];
  /** The timestamp as a decimal number. */
  readonly samples: readonly { value: number; timestamp: string }[];
}

/** From the field numbers of https://prometheus.io/docs/specs/prw/remote_write_spec/#protocol and `MetricMetadata`. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message WriteRequest { repeated TimeSeries timeseries = 1; repeated MetricMetadata metadata = 3; }
  message MetricMetadata { int32 type = 1; string metric_family_name = 2; string help = 4; string unit = 5; }
  message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; }
  message Label { string name = 1; string value = 2; }
  message Sample { double value = 1; int64 timestamp = 2; }
`);
const type = root.lookupType('WriteRequest');

export function plainBody(body: Uint8Array): Uint8Array {
  return snappy.uncompress(body);
}

export function decodeWriteRequest(body: Uint8Array): WriteRequest {
  const message = type.decode(plainBody(body));
  return type.toObject(message, { longs: String, defaults: true }) as WriteRequest;
}

/** The body of a request, made without the encoder. */
export function plainWriteRequest(request: object): Uint8Array {
  return type.encode(type.fromObject(request)).finish();
}

/** A whole body with one series and one sample for each row, made without the encoder. */
export function encodeWriteRequest(
  rows: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number; readonly atMs: number }[],
): Uint8Array {
  const timeseries = rows.map(({ labels, value, atMs }) => ({
    labels: Object.keys(labels)
      .sort()
      .map((name) => ({ name, value: labels[name] })),
    samples: [{ value, timestamp: atMs }],
  }));
  return snappy.compress(new Uint8Array(plainWriteRequest({ timeseries })));
}

/** A series as text: `name{label="value"} value @timestamp`, with its labels in the order of the message. */
export function seriesText({ labels, samples }: TimeSeries): string {
  const text = labels.map(({ name, value }) => `${name}=${JSON.stringify(value)}`).join(',');
  return `{${text}} ${samples.map(({ value, timestamp }) => `${value} @${timestamp}`).join(' ')}`;
}
