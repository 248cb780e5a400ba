// Codecs of tables that keep one array a column: numbers as plain JSON arrays, addresses as base64.
import {
  amount,
  asObject,
  type Codec,
  FieldError,
  type Fields,
  instant,
  record,
  text,
  u8,
  u16,
  u32,
  whole,
} from './codec.ts';

/** Most rows of one table. */
export const MAX_ROWS = 1_000_000;

/** A codec that knows how many rows the table has. */
export interface Column<T> {
  decode(value: unknown, count: number, at: string): T;
  encode(value: T, count: number, at: string): unknown;
}

export interface OptionalColumn<T> extends Column<T> {
  readonly optional: true;
}

/** One codec for each column; optional columns need an optional one. */
export type Columns<T> = {
  readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K>
    ? OptionalColumn<Exclude<T[K], undefined>>
    : Column<T[K]>;
};

/** For a column that older tapes lack, or that not every system has. */
export function optionalColumn<T>(column: Column<T>): OptionalColumn<T> {
  return { ...column, optional: true };
}

type NumberArray = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** A typed array of one entry a row; `item` checks each entry. */
export function numbers<T extends NumberArray>(
  create: (values: ArrayLike<number>) => T,
  item: Codec<number>,
): Column<T> {
  const check = (values: ArrayLike<unknown>, at: string): void => {
    for (let row = 0; row < values.length; row++) {
      try {
        item.decode(values[row], at);
      } catch (error) {
        // The path of a row is only built for the row that is wrong: tables have many.
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
  };
}

export const u32s = numbers((values) => Uint32Array.from(values), u32);
export const u16s = numbers((values) => Uint16Array.from(values), u16);
export const u8s = numbers((values) => Uint8Array.from(values), u8);
export const amounts = numbers((values) => Float64Array.from(values), amount);
export const instants = numbers((values) => Float64Array.from(values), instant);

/** One text a row. */
export const texts: Column<readonly string[]> = {
  decode: (value, count, at) => rowsOf(value, count, at).map((entry, row) => text.decode(entry, `${at}[${row}]`)),
  encode: (value, count, at) => rowsOf(value, count, at).map((entry, row) => text.decode(entry, `${at}[${row}]`)),
};

function rowsOf(value: unknown, count: number, at: string): readonly unknown[] {
  if (!Array.isArray(value) || value.length !== count) throw new FieldError(at, `a list of ${count} entries`);
  return value;
}

/** Addresses of `width` bytes each, one after the other, as base64 with padding. */
export function addresses(width: number): Column<Uint8Array> {
  return {
    decode: (value, count, at) => {
      const bytes = typeof value === 'string' ? Buffer.from(value, 'base64') : undefined;
      // Buffer skips what is no base64; only text that comes out the same was base64 in full.
      if (bytes?.length !== count * width || bytes.toString('base64') !== value)
        throw new FieldError(at, `base64 of ${count * width} bytes`);
      return new Uint8Array(bytes);
    },
    encode: (value, count, at) => {
      if (value.length !== count * width) throw new FieldError(at, `${count * width} bytes long`);
      return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
    },
  };
}

const rowCount = whole(0, MAX_ROWS);

/** A table: its fixed fields, `count`, then columns, which may depend on the fixed fields. */
export function table<F extends object, C extends object>(
  fixed: Fields<F>,
  columnsOf: (fixed: F) => Columns<C>,
): Codec<F & C & { readonly count: number }> {
  const head = record<F>(fixed);
  const convert = (value: unknown, at: string, way: 'decode' | 'encode'): Record<string, unknown> => {
    const source = asObject(value, at);
    const count = rowCount.decode(source.count, `${at}.count`);
    const columns = Object.entries(columnsOf(head.decode(value, at))) as [
      string,
      Column<unknown> & { optional?: true },
    ][];
    const result: Record<string, unknown> = { ...(head[way](value as F, at) as object), count };
    for (const [name, column] of columns) {
      const found = Object.hasOwn(source, name) ? source[name] : undefined;
      if (found !== undefined || !column.optional) result[name] = column[way](found, count, `${at}.${name}`);
    }
    return result;
  };
  return {
    decode: (value, at) => convert(value, at, 'decode') as F & C & { count: number },
    encode: (value, at) => convert(value, at, 'encode'),
  };
}
