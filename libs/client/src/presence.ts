import { limits, type PresenceState } from '#contracts';
import type { Ask } from './sync.js';
import { OfflineError, RefusedError } from './errors.js';

/** Whose presence this device wants to know, told to each new connection. */
export class PresenceWatch {
  private wanted: string[] = [];
  private scheduled = false;

  constructor(
    private readonly request: Ask,
    private readonly onState: (personId: string, state: PresenceState) => void,
  ) {}

  /** Replaces what was watched; the first 200 count. */
  watch(personIds: readonly string[]): void {
    this.wanted = [...new Set(personIds)].slice(0, limits.watchedPeople);
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(() => {
      this.scheduled = false;
      void this.renew();
    });
  }

  /** A connection is live: it knows nothing of what the last one watched. */
  async renew(): Promise<void> {
    if (this.wanted.length === 0) return;
    try {
      const { items } = await this.request('presence.watch', { personIds: this.wanted });
      for (const { personId, state } of items) this.onState(personId, state);
    } catch (error) {
      // Presence is a courtesy: the next connection asks again.
      if (!(error instanceof OfflineError) && !(error instanceof RefusedError)) throw error;
    }
  }
}
