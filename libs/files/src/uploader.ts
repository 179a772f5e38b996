import { AsyncLocalStorage } from 'node:async_hooks';
import type { PersonPrincipal } from '#platform';

/** Who uploads, for what lies beyond the library that speaks tus. */
export const uploader = new AsyncLocalStorage<PersonPrincipal>();
