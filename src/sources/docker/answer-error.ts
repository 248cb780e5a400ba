// An answer of the Docker daemon that cannot be used, and why.

/** Counted as the reason. */
export type AnswerFailure = 'timeout' | 'too large' | 'malformed' | 'status' | 'connection' | 'closed';

export class AnswerError extends Error {
  readonly failure: AnswerFailure;
  /** HTTP status of an answer that has one other than success, else 0. */
  readonly statusCode: number;

  constructor(failure: AnswerFailure, message: string, statusCode = 0, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AnswerError';
    this.failure = failure;
    this.statusCode = statusCode;
  }
}
