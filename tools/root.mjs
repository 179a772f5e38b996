import { dirname } from 'node:path';

/** Folder of this clone. */
export const root = dirname(import.meta.dirname);
