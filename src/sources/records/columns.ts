// Tables with one array a column: a tape holds numbers as plain JSON arrays, and addresses as base64.
import { addresses as redactAddresses } from '../../redaction/network-rules.ts';
import * as rules from '../../redaction/rules.ts';
import type { Scrubber } from '../../redaction/scrub.ts';
import { amount, asObject, type Field, FieldError, instant, integer, text, u8, u16, u32 } from './field.ts';
import { type FieldTable, type RecordOf, record, redaction, timeShift } from './record.ts';

/** Most rows of one table. */
export const MAX_ROWS = 1_000_000;

/** Describes one column of a table with `count` rows. */
export interface Column<T> {
  decode(value: unknown, count: number, at: string): T;
  encode(value: T, count: number, at: string): unknown;
  redact(value: T, scrubber: Scrubber): T;
  collectNames?(value: T, scrubber: Scrubber): void;
  /** As in Field. */
  shiftTimes?(value: T, ms: number): T;
}

/** A column that older tapes lack, or that not every system has. */
export interface OptionalColumn<T> extends Column<T> {
  readonly optional: true;
}

export function optionalColumn<T>(column: Column<T>): OptionalColumn<T> {
  return { ...column, optional: true };
}

type NumberArray = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** A typed array with one entry a row. */
function numbers<T extends NumberArray>(create: (values: ArrayLike<number>) => T, item: Field<number>): Column<T> {
  const check = (values: ArrayLike<unknown>, at: string): void => {
    for (let row = 0; row < values.length; row++) {
      try {
        item.decode(values[row], at);
      } catch (error) {
        // Only an invalid row gets a path of its own: tables have many rows.
        if (error instanceof FieldError) item.decode(values[row], `${at}[${row}]`);
        throw error;
      }
    }
  };
  return {
    decode: (value, count, at) => {
      const values = rowsOf(value, count, at);
      check(values, at);
      return create(values as number[]);
    },
    encode: (value, count, at) => {
      const values = rowsOf(Array.from(value), count, at);
      check(values, at);
      return values;
    },
    redact: rules.keep,
  };
}

export const u32s: Column<Uint32Array> = numbers((values) => Uint32Array.from(values), u32);
export const u16s: Column<Uint16Array> = numbers((values) => Uint16Array.from(values), u16);
export const u8s: Column<Uint8Array> = numbers((values) => Uint8Array.from(values), u8);
export const amounts: Column<Float64Array> = numbers((values) => Float64Array.from(values), amount);
export const instants: Column<Float64Array> = {
  ...numbers((values) => Float64Array.from(values), instant),
  shiftTimes: (values, ms) => values.map((value) => instant.shiftTimes!(value, ms)),
};

/** One text a row. */
export function textsOf({ decode, redact, collectNames }: Field<string>): Column<readonly string[]> {
  const check = (value: unknown, count: number, at: string): readonly string[] =>
    rowsOf(value, count, at).map((entry, row) => decode(entry, `${at}[${row}]`));
  return {
    decode: check,
    encode: check,
    redact: rules.each(redact),
    ...(collectNames && {
      collectNames: (values, scrubber) => {
        for (const value of values) collectNames(value, scrubber);
      },
    }),
  };
}

export const texts = textsOf(text);

function rowsOf(value: unknown, count: number, at: string): readonly unknown[] {
  if (!Array.isArray(value) || value.length !== count) throw new FieldError(at, `a list of ${count} entries`);
  return value;
}

/** Packed addresses of `width` bytes each, in network order. */
export function addresses(width: 4 | 16): Column<Uint8Array> {
  return {
    decode: (value, count, at) => {
      const bytes = typeof value === 'string' ? Buffer.from(value, 'base64') : undefined;
      // Buffer ignores characters that are not base64, so the bytes are converted back and compared.
      if (bytes?.length !== count * width || bytes.toString('base64') !== value)
        throw new FieldError(at, `base64 of ${count * width} bytes`);
      return new Uint8Array(bytes);
    },
    encode: (value, count, at) => {
      if (value.length !== count * width) throw new FieldError(at, `${count * width} bytes long`);
      return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
    },
    redact: (value, scrubber) => redactAddresses(value, width, scrubber),
  };
}

type ColumnTable = Readonly<Record<string, Column<unknown>>>;

interface Rows {
  /** Number of rows: the length of each column. */
  readonly count: number;
}

/** A table with the given columns. */
export function table<C extends ColumnTable>(columns: C): Field<RecordOf<C> & Rows> {
  return tableWithHead({}, () => columns);
}

const rowCount = integer(0, MAX_ROWS);

/** A table with fields before its columns, on which the columns may depend. */
export function tableWithHead<F extends FieldTable, C extends ColumnTable>(
  fields: F,
  columnsOf: (head: RecordOf<F>) => C,
): Field<RecordOf<F> & RecordOf<C> & Rows> {
  type Table = RecordOf<F> & RecordOf<C> & Rows;
  const head = record(fields);
  const convert = (value: unknown, at: string, way: 'decode' | 'encode'): Record<string, unknown> => {
    const source = asObject(value, at);
    const count = rowCount.decode(source.count, `${at}.count`);
    const columns = Object.entries(columnsOf(head.decode(value, at))) as [
      string,
      Column<unknown> & { optional?: true },
    ][];
    const result: Record<string, unknown> = { ...(head[way](value as Table, at) as object), count };
    for (const [name, column] of columns) {
      const found = Object.hasOwn(source, name) ? source[name] : undefined;
      if (found !== undefined || !column.optional) result[name] = column[way](found, count, `${at}.${name}`);
    }
    return result;
  };
  const redactionOf = (value: Table) => redaction<Table>({ ...fields, count: rowCount, ...columnsOf(value) });
  return {
    decode: (value, at) => convert(value, at, 'decode') as Table,
    encode: (value, at) => convert(value, at, 'encode'),
    redact: (value, scrubber) => redactionOf(value).redact(value, scrubber),
    collectNames: (value, scrubber) => redactionOf(value).collectNames?.(value, scrubber),
    shiftTimes: (value, ms) => {
      const { shiftTimes } = timeShift<Table>({ ...fields, ...columnsOf(value) });
      return shiftTimes ? shiftTimes(value, ms) : value;
    },
  };
}
