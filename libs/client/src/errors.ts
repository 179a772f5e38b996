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
    /** What the service says here is not known to this SDK. */
    readonly isUnknown = false,
  ) {
    super(`${code}: ${errorKinds[code].meaning}`);
    this.status = errorKinds[code].status;
  }

  /** A code that is younger than this SDK becomes `internal`, with the code in its details, and lasts. */
  static from({ code, details, retryAfterMs }: ErrorAnswer['error']): RefusedError {
    if (Object.hasOwn(errorKinds, code)) return new RefusedError(code, details, retryAfterMs);
    return new RefusedError('internal', { ...details, code }, retryAfterMs, true);
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
  (error instanceof RefusedError &&
    (error.retryAfterMs !== undefined || (passing.has(error.code) && !error.isUnknown)));

/** True where the session is over and only a new sign-in helps. */
export const isSessionOver = (error: unknown): boolean =>
  error instanceof RefusedError &&
  (error.code === 'auth.session_ended' ||
    error.code === 'auth.required' ||
    error.code === 'auth.account_disabled');
