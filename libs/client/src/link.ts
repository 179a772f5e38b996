import type { ClientEventData, ClientEventName, ServerEventData, ServerEventName } from '#contracts';
import type { Ask } from './sync.js';

/** By what a device reaches the service: a WebSocket, or plain requests where a network lets none pass. */
export type Transport = 'socket' | 'polling';

/** What the service tells by itself, once a link is ready. */
export type NewsName = Exclude<ServerEventName, 'session.ready'>;

export interface LinkHooks {
  /** The service has let this device in; news follows in its order. */
  onReady(ready: { epoch: string }): void;
  onNews<N extends NewsName>(name: N, data: ServerEventData<N>): void;
  /** The last that is heard of a link, whether or not it was ready. */
  onLost(error: unknown): void;
}

/** One connection to the service, from its opening to its end. Whoever uses it need not know of which kind it is. */
export interface Link {
  /** Throws RefusedError, or OfflineError where no answer came. */
  readonly request: Ask;
  /** Without an answer, and dropped where it does not go through. */
  emitVolatile<N extends ClientEventName>(name: N, data: ClientEventData<N>): void;
  /** Nothing is heard of it any more. */
  close(): void;
}
