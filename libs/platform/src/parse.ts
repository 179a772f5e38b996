import type { z } from 'zod';
import { AppError } from './app-error.js';

const strict = new WeakMap<z.ZodObject, z.ZodObject>();

/** As `parse`; fields the contract does not know are refused. */
export function parseStrictly<S extends z.ZodObject>(schema: S, input: unknown): z.output<S> {
  // A schema compiles itself with its first use, so each is made once.
  let known = strict.get(schema);
  if (!known) strict.set(schema, (known = schema.strict()));
  return parse(known, input) as z.output<S>;
}

/** Parses outside input with its contract. Throws `request.malformed` that says where, never what was sent. */
export function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issues = result.error.issues
    .slice(0, 20)
    .map(({ path, message }) => ({ path: path.join('.'), message }));
  throw new AppError('request.malformed', { details: { issues } });
}
