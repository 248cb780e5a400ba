// Output of commands: tables, or JSON for programs.
import { Chalk } from 'chalk';
import { getBorderCharacters, table } from 'table';
import { printable } from '../src/base/printable.ts';

export { printable };

export interface Column<T> {
  readonly title: string;
  readonly value: (row: T) => string;
  readonly align?: 'left' | 'right';
}

type Out = (text: string) => void;

/** Prints a table without truncation; a terminal wraps wide lines. Prints a message if there are no rows. */
export function printTable<T>(out: Out, columns: readonly Column<T>[], rows: readonly T[]): void {
  if (rows.length === 0) {
    out('Nothing found.\n');
    return;
  }
  const { bold } = paint();
  const head = columns.map(({ title }) => bold(title));
  const body = rows.map((row) => columns.map(({ value }) => printable(value(row))));
  const text = table([head, ...body], {
    border: getBorderCharacters('void'),
    columnDefault: { paddingLeft: 0, paddingRight: 2 },
    columns: columns.map(({ align }) => ({ alignment: align ?? 'left' })),
    drawHorizontalLine: () => false,
  });
  out(text.replace(/[ ]+$/gm, ''));
}

/** Chalk detects a terminal, but not the variable of https://no-color.org */
function paint(): InstanceType<typeof Chalk> {
  return process.env.NO_COLOR ? new Chalk({ level: 0 }) : new Chalk();
}

/** Prints lines of name and value, followed by an empty line; control characters in values are replaced. */
export function printFacts(out: Out, facts: readonly (readonly [name: string, value: string])[]): void {
  out(`${facts.map(([name, value]) => `${name.padEnd(12)}${printable(value)}`).join('\n')}\n\n`);
}

export function printJson(out: Out, value: unknown): void {
  out(`${JSON.stringify(value, null, 2)}\n`);
}
