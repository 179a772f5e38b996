import type { ServerEventData, ServerEventName } from '#contracts';
import type { Principal } from '#platform';
import type { AddressedEvents, SaidPosition } from './deliveries.js';

/** A device that is there, by a socket or by a request that waits. */
export interface Receiver {
  readonly principal: Principal;
  readonly personId: string;
  send<N extends ServerEventName>(name: N, data: ServerEventData<N>): void;
  /** For what is old news a moment later: may be dropped. */
  sendVolatile<N extends ServerEventName>(name: N, data: ServerEventData<N>): void;
  /**
   * @param joinedSeq nothing before it is sent
   * @param position everything up to here was sent with these events
   */
  sendEvents(events: AddressedEvents, joinedSeq: number, position: SaidPosition | undefined): void;
  close(): void;
}
