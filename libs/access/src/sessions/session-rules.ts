import { Injectable } from '@nestjs/common';
import { AccessPolicies, type SessionLimits } from '../rates/access-policies.js';
import type { SessionRow } from './session.entity.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Cookies and tokens for content last so long at most; whether their session lives is looked up with each use. */
const tokensLastMs: Record<'person' | 'administrator', number> = {
  person: 30 * dayMs,
  administrator: dayMs / 2,
};

type Owner = Pick<SessionRow, 'accountKind' | 'accountId'>;
type Life = Owner & Pick<SessionRow, 'id' | 'createdAt' | 'usedAt' | 'expiresAt'>;

/** How many sessions an account may have, and how long they last: by policy, looked at with each use. */
@Injectable()
export class SessionRules {
  constructor(private readonly policies: AccessPolicies) {}

  /** For a session that begins. */
  async limitsFor(owner: Owner): Promise<SessionLimits> {
    if (owner.accountKind !== 'person') return this.limitsOf(owner);
    return this.policies.sessionsOfPeople.valueFor({ personId: owner.accountId });
  }

  /** When a session that is used now runs out. Tokens of bots end when they were said to end. */
  expiryOf(session: Life, now = Date.now()): Date {
    if (session.accountKind === 'bot') return session.expiresAt;
    return new Date(Math.min(now + this.idleMs(session), this.endOf(session)));
  }

  /** Whether it is over by what holds now, whatever held when it was used last. */
  isOver(session: Life, now = Date.now()): boolean {
    if (session.accountKind === 'bot') return false;
    return session.usedAt.getTime() + this.idleMs(session) <= now || this.endOf(session) <= now;
  }

  tokensOf({ id, accountKind }: Pick<Life, 'id' | 'accountKind'>): number {
    if (accountKind === 'bot') throw new Error(`the session ${id} is a token of a bot`);
    return tokensLastMs[accountKind];
  }

  private idleMs(session: Life): number {
    return this.limitsOf(session).idleMinutes * minuteMs;
  }

  private endOf(session: Life): number {
    return session.createdAt.getTime() + this.limitsOf(session).lifetimeHours * hourMs;
  }

  private limitsOf({ accountKind, accountId }: Owner): SessionLimits {
    return accountKind === 'person'
      ? this.policies.sessionsOfPeople.valueNow({ personId: accountId })
      : this.policies.sessionsOfAdministrators.value();
  }
}
