// How commands print: tables for people, JSON for programs.
import { Chalk } from 'chalk';
import { getBorderCharacters, table } from 'table';

export interface Column<T> {
  readonly title: string;
  readonly value: (row: T) => string;
  readonly align?: 'left' | 'right';
}

type Out = (text: string) => void;

/** Nothing is cut: a terminal wraps what is too wide. Says so when there are no rows. */
export function printTable<T>(out: Out, columns: readonly Column<T>[], rows: readonly T[]): void {
  if (rows.length === 0) {
    out('Nothing found.\n');
    return;
  }
  const { bold } = paint();
  const head = columns.map(({ title }) => bold(title));
  // A control character in a name must not move the cursor of whoever looks at it.
  const body = rows.map((row) => columns.map(({ value }) => printable(value(row))));
  const text = table([head, ...body], {
    border: getBorderCharacters('void'),
    columnDefault: { paddingLeft: 0, paddingRight: 2 },
    columns: columns.map(({ align }) => ({ alignment: align ?? 'left' })),
    drawHorizontalLine: () => false,
  });
  out(text.replace(/[ ]+$/gm, ''));
}

/** Chalk sees whether this is a terminal, but not https://no-color.org */
function paint(): InstanceType<typeof Chalk> {
  return process.env.NO_COLOR ? new Chalk({ level: 0 }) : new Chalk();
}

export function printJson(out: Out, value: unknown): void {
  out(`${JSON.stringify(value, null, 2)}\n`);
}

/** Control characters as their Unicode pictures, e.g. U+241B for escape. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (char) => (char.charCodeAt(0) < 0x20 ? String.fromCharCode(0x2400 + char.charCodeAt(0)) : '\u2421'));
}
