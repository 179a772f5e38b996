import { errorKinds, type ErrorAnswer, type ErrorCode } from '#contracts';

/** The service, or this SDK in its place, refused: nothing was accepted. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly status: number;

  constructor(
    readonly code: ErrorCode,
    readonly details?: Record<string, unknown>,
    /** Trying again makes sense after so many milliseconds. */
    readonly retryAfterMs?: number,
  ) {
    super(`${code}: ${errorKinds[code].meaning}`);
    this.status = errorKinds[code].status;
  }

  static from({ code, details, retryAfterMs }: ErrorAnswer['error']): RefusedError {
    return new RefusedError(code, details, retryAfterMs);
  }
}

/** No answer came, so what was asked may or may not have happened. */
export class OfflineError extends Error {
  override readonly name = 'OfflineError';

  constructor(cause?: unknown) {
    super('the service cannot be reached', { cause });
  }
}

const passing: ReadonlySet<ErrorCode> = new Set([
  'overloaded',
  'rate.limited',
  'service.unavailable',
  'internal',
]);

/** True where the same request may well succeed later. */
export const isPassing = (error: unknown): boolean =>
  error instanceof OfflineError ||
  (error instanceof RefusedError && (error.retryAfterMs !== undefined || passing.has(error.code)));

/** True where the session is over and only a new sign-in helps. */
export const isSessionOver = (error: unknown): boolean =>
  error instanceof RefusedError &&
  (error.code === 'auth.session_ended' ||
    error.code === 'auth.required' ||
    error.code === 'auth.account_disabled');
