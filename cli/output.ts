// Output of commands: tables, or JSON for programs.
import { Chalk } from 'chalk';
import { getBorderCharacters, table } from 'table';
import { printable, printableJson } from '../src/base/printable.ts';

export interface Column<T> {
  readonly title: string;
  readonly value: (row: T) => string;
  readonly align?: 'left' | 'right';
}

/** Writes text that is safe for a terminal. */
export type Out = (text: string) => void;

/** Prints a table without truncation; a terminal wraps wide lines. Prints a message if there are no rows. */
export function printTable<T>(out: Out, columns: readonly Column<T>[], rows: readonly T[]): void {
  if (rows.length === 0) {
    printLine(out, 'Nothing found.');
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

/** Prints the rows that names selected; without rows nothing, where an error about the names follows. */
export function printSelected<T>(
  out: Out,
  columns: readonly Column<T>[],
  rows: readonly T[],
  missing: readonly string[],
): void {
  if (rows.length > 0 || missing.length === 0) printTable(out, columns, rows);
}

/** Chalk detects a terminal, but not the variable of https://no-color.org */
function paint(): InstanceType<typeof Chalk> {
  return process.env.NO_COLOR ? new Chalk({ level: 0 }) : new Chalk();
}

/** Prints one line; control, bidirectional and invisible characters in it are made visible. */
export function printLine(out: Out, text: string): void {
  out(`${printable(text)}\n`);
}

export type Style = 'plain' | 'strong' | 'faint' | 'attention' | 'bad' | 'alarm';

/** A part of a line. */
export interface Span {
  readonly text: string;
  readonly style?: Style;
}

/** Prints a line of parts with their styles, which a terminal shows as colours. */
export function printSpans(out: Out, spans: readonly Span[]): void {
  const chalk = paint();
  const styles: Readonly<Record<Style, (text: string) => string>> = {
    plain: (text) => text,
    strong: chalk.bold,
    faint: chalk.dim,
    attention: chalk.yellow,
    bad: chalk.red,
    alarm: chalk.bold.red,
  };
  out(`${spans.map(({ text, style = 'plain' }) => styles[style](printable(text))).join('')}\n`);
}

/** Prints lines of name and value, followed by an empty line. */
export function printFacts(out: Out, facts: readonly (readonly [name: string, value: string])[]): void {
  for (const [name, value] of facts) printLine(out, `${name.padEnd(12)}${value}`);
  printLine(out, '');
}

/** Prints JSON on one line in which those characters are escaped. */
export function printJsonLine(out: Out, value: unknown): void {
  out(`${printableJson(JSON.stringify(value))}\n`);
}

/** Prints JSON in which those characters are escaped. */
export function printJson(out: Out, value: unknown): void {
  out(`${printableJson(JSON.stringify(value, null, 2))}\n`);
}
