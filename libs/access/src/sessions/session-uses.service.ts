import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { isDatabaseAway, logger } from '#platform';
import type { SessionRow } from './session.entity.js';
import { SessionRules } from './session-rules.js';
import { SessionsStore } from './sessions.store.js';

const log = logger('access');
/** A use is noted once in so long. */
const notedMs = 60_000;
const gatheredMs = 1000;
const idsAtOnce = 1000;

/**
 * Notes when sessions were used last, for all of a second at once: thousands that come back together are one statement,
 * and nobody who comes waits for it.
 */
@Injectable()
export class SessionUses implements OnModuleDestroy {
  private used = new Map<string, Date>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly rules: SessionRules,
    private readonly store: SessionsStore,
  ) {}

  async onModuleDestroy(): Promise<void> {
    await this.write();
  }

  note(sessions: readonly SessionRow[]): void {
    for (const session of sessions) {
      if (Date.now() - session.usedAt.getTime() > notedMs)
        this.used.set(session.id, this.rules.expiryOf(session));
    }
    if (this.used.size > 0) this.timer ??= setTimeout(() => void this.write(), gatheredMs).unref();
  }

  /** What cannot be written is noted again with the next use. */
  private async write(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const uses = [...this.used].map(([id, expiresAt]) => ({ id, expiresAt }));
    this.used = new Map();
    try {
      for (let at = 0; at < uses.length; at += idsAtOnce)
        await this.store.touch(uses.slice(at, at + idsAtOnce));
    } catch (err) {
      if (!isDatabaseAway(err)) log.warn({ err }, 'the last use of sessions could not be noted');
    }
  }
}
