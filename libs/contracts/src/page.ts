import { z } from 'zod';
import { limits } from './limits.js';

/** What a paged list is asked with. */
export const PageQuery = z.object({
  cursor: z
    .string()
    .max(512)
    .optional()
    .describe('`nextCursor` of the page before; absent for the first page'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(limits.page)
    .default(50)
    .describe(`Items wanted, at most ${limits.page}`),
});

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** `{items, nextCursor}`: every list of the API has this form. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item).describe('The items of this page, in the order of the list'),
    nextCursor: z.string().nullable().describe('Ask the next page with this; null on the last page'),
  });
