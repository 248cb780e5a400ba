// Errors of the table as exceptions.
import { ERRORS, type ErrorCode } from './error-table.ts';

/** An error of the table, with its parameters. */
export class AgentError extends Error {
  readonly code: ErrorCode;
  readonly params: Readonly<Record<string, string | number>>;

  constructor(code: ErrorCode, params: Readonly<Record<string, string | number>> = {}, options?: ErrorOptions) {
    super(
      ERRORS[code].message.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole)),
      options,
    );
    this.name = 'AgentError';
    this.code = code;
    this.params = params;
  }

  get exitCode(): number {
    return ERRORS[this.code].exit;
  }

  get httpStatus(): number {
    return ERRORS[this.code].http;
  }

  get hint(): string {
    return ERRORS[this.code].hint;
  }
}

/** The text of anything thrown, for messages and logs. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
