import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { newId } from '#contracts';
import type { Response } from 'express';
import { AppError } from '../app-error.js';
import { logger } from '../logger.js';

const log = logger('http');

/** Whatever was thrown, as a refusal of the closed list. Faults of ours get a reference and a line in the log. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const status = statusOf(thrown);
  if (status === 404) return new AppError('route.not_found');
  if (status === 413) return new AppError('request.too_large');
  if (status !== undefined && status >= 400 && status < 500) return new AppError('request.malformed');
  if (isDatabaseAway(thrown)) {
    log.warn({ err: thrown }, 'the database does not answer');
    return new AppError('service.unavailable', { retryAfterMs: 1000 });
  }
  const reference = newId();
  log.error({ err: thrown, reference }, 'a request failed unexpectedly');
  return new AppError('internal', { details: { reference } });
}

/** Express's own refusals (malformed JSON, body too large) carry a status. */
function statusOf(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  if (
    typeof thrown === 'object' &&
    thrown !== null &&
    'status' in thrown &&
    typeof thrown.status === 'number'
  ) {
    return thrown.status;
  }
  return undefined;
}

// 57P01–57P03: shutting down or starting; 08xxx: connection; 53xxx: no disk, memory or connections left (PostgreSQL,
// appendix A).
const awayStates = /^(57P0[123]|08\d\d\d|53\d\d\d)$/;
const awayCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND']);

/** True for errors that say nothing of the statement, only that the database could not be asked, or has no room. */
export function isDatabaseAway(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const code = 'code' in thrown ? String(thrown.code) : '';
  if (awayStates.test(code) || awayCodes.has(code)) return true;
  if (
    /Connection terminated|timeout exceeded when trying to connect|Driver not Connected/.test(thrown.message)
  ) {
    return true;
  }
  return 'driverError' in thrown && isDatabaseAway(thrown.driverError);
}

@Catch()
export class ErrorFilter implements ExceptionFilter {
  catch(thrown: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    answerWith(response, toAppError(thrown));
  }
}

/** Writes a refusal, unless the answer is already under way: then the connection is cut, so that nobody takes half for whole. */
export function answerWith(response: Response, error: AppError): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (error.retryAfterMs !== undefined) {
    response.setHeader('Retry-After', Math.ceil(error.retryAfterMs / 1000));
  }
  response.status(error.status).json(error.toAnswer());
}
