// The directives of a W3C extended log: https://www.w3.org/TR/WD-logfile.html

const DIRECTIVE = /^#(Software|Version|Date|Start-Date|End-Date|Remark|Fields):\s*(.*?)\s*$/i;
const DATE = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d))?/;
const MAX_FIELDS = 100;
const MAX_FIELDS_LENGTH = 4096;

export class W3cHeader {
  /** Names in lower case, in the order of the columns. */
  fields: readonly string[] = [];
  /** Date of lines that have only a time, `2026-01-31`; undefined until it is known. */
  date: string | undefined;
  /** Time of the last line or of the directive, `23:59:58`: a much earlier one is of the next day. */
  time = '';
  #fieldsText = '';

  isDirective(line: string): boolean {
    return DIRECTIVE.test(line);
  }

  /** Whether lines can be read. */
  get isKnown(): boolean {
    return this.fields.length > 0;
  }

  /** Other directives than the date and the fields are not used. */
  read(line: string): void {
    const [, name = '', value = ''] = DIRECTIVE.exec(line) ?? [];
    if (/^(?:start-)?date$/i.test(name)) this.#readDate(value);
    else if (/^fields$/i.test(name)) this.#readFields(value);
  }

  /** The directives so far, for `restore`; undefined if there are no fields. */
  get state(): string | undefined {
    return this.isKnown ? `${this.date ?? ''} ${this.time} ${this.#fieldsText}` : undefined;
  }

  restore(state: string): void {
    const [, date = '', time = '', fields = ''] = /^(\S*) (\S*) (.*)$/.exec(state) ?? [];
    this.#readFields(fields);
    this.date = date === '' ? undefined : date;
    this.time = time;
  }

  #readDate(value: string): void {
    const [, date, time = ''] = DATE.exec(value) ?? [];
    if (date === undefined) return;
    this.date = date;
    this.time = time;
  }

  #readFields(value: string): void {
    if (value.length > MAX_FIELDS_LENGTH) return;
    this.#fieldsText = value;
    this.fields = value === '' ? [] : value.toLowerCase().split(/\s+/).slice(0, MAX_FIELDS);
  }
}
