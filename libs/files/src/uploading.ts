import { AsyncLocalStorage } from 'node:async_hooks';
import type { Readable } from 'node:stream';
import type { PersonPrincipal } from '#platform';

/** A request of an upload, for what lies beyond the library that speaks tus. */
export interface Uploading {
  by: PersonPrincipal;
  /** The bytes of a request that brings some, as they come from the connection. */
  bytes?: Readable;
  /** Another request wants to go on with the same upload, or the connection broke. */
  signal?: AbortSignal;
}

export const uploading = new AsyncLocalStorage<Uploading>();
