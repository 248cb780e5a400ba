// Log records of OTLP requests with their resource and scope, decoded by the public definitions.
import { type DecodedAttribute, type DecodedLogRecord, type DecodedLogs, decodeLogs } from './protobuf.ts';

/** A record with all its fields; what the message lacks has the default of protobuf. */
export interface DecodedRecord {
  readonly resource: Readonly<Record<string, unknown>>;
  readonly scope: { readonly name: string; readonly version: string } | undefined;
  /** Nanoseconds in decimal digits. */
  readonly time: string;
  readonly observed: string;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: unknown;
  readonly attributes: readonly (readonly [name: string, value: unknown])[];
  readonly droppedAttributes: number;
  readonly flags: number;
  /** In hexadecimal digits, empty without one. */
  readonly traceId: string;
  readonly spanId: string;
}

/** Records of each resource block, in the order of the request. */
export function decodeBlocks(plain: Uint8Array): DecodedRecord[][] {
  return blocksOf(decodeLogs(plain));
}

/** Records of a decoded request. */
export function recordsOf(logs: DecodedLogs): DecodedRecord[] {
  return blocksOf(logs).flat();
}

/** Records of each resource block of a decoded request. */
export function blocksOf({ resourceLogs }: DecodedLogs): DecodedRecord[][] {
  return resourceLogs.map(({ resource, scopeLogs }) =>
    scopeLogs.flatMap(({ scope, logRecords }) =>
      logRecords.map((record) => ({
        resource: Object.fromEntries(pairsOf(resource.attributes)),
        scope: scope && { name: scope.name, version: scope.version },
        ...fieldsOf(record),
      })),
    ),
  );
}

export function decodeRecords(plain: Uint8Array): DecodedRecord[] {
  return decodeBlocks(plain).flat();
}

function fieldsOf(raw: DecodedLogRecord): Omit<DecodedRecord, 'resource' | 'scope'> {
  return {
    time: raw.timeUnixNano ?? '0',
    observed: raw.observedTimeUnixNano ?? '0',
    severityNumber: raw.severityNumber ?? 0,
    severityText: raw.severityText ?? '',
    body: raw.body?.stringValue,
    attributes: pairsOf(raw.attributes),
    droppedAttributes: raw.droppedAttributesCount ?? 0,
    flags: raw.flags ?? 0,
    traceId: hex(raw.traceId),
    spanId: hex(raw.spanId),
  };
}

function pairsOf(pairs: readonly DecodedAttribute[]): [name: string, value: unknown][] {
  return pairs.map(({ key, value }) => [key, value.stringValue]);
}

function hex(bytes: Uint8Array = new Uint8Array(0)): string {
  return Buffer.from(bytes).toString('hex');
}
