import { errorKinds, type ErrorAnswer, type ErrorCode } from '#contracts';

interface ErrorExtras {
  details?: Record<string, unknown>;
  retryAfterMs?: number;
  cause?: unknown;
}

/** A refusal with a code of the closed list; HTTP and socket turn it into the same answer. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly details?: Record<string, unknown>;
  readonly retryAfterMs?: number;

  constructor(
    readonly code: ErrorCode,
    extras: ErrorExtras = {},
  ) {
    super(code, { cause: extras.cause });
    this.details = extras.details;
    this.retryAfterMs = extras.retryAfterMs;
  }

  get status(): number {
    return errorKinds[this.code].status;
  }

  toAnswer(): ErrorAnswer {
    return {
      error: {
        code: this.code,
        message: errorKinds[this.code].meaning,
        ...(this.details && { details: this.details }),
        ...(this.retryAfterMs !== undefined && { retryAfterMs: this.retryAfterMs }),
      },
    };
  }
}
