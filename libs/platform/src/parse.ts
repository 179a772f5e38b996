import type { z } from 'zod';
import { AppError } from './app-error.js';

/** Parses outside input with its contract. Throws `request.malformed` that says where, never what was sent. */
export function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issues = result.error.issues
    .slice(0, 20)
    .map(({ path, message }) => ({ path: path.join('.'), message }));
  throw new AppError('request.malformed', { details: { issues } });
}
