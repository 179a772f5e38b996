import type { Settings } from '#platform';
import type { SessionRow } from './session.entity.js';

const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;

/** Cookies and tokens for content last so long at most; whether their session lives is looked up with each use. */
const tokensLastMs: Record<'person' | 'administrator', number> = {
  person: 30 * dayMs,
  administrator: dayMs / 2,
};

/** How long sessions and their tokens last. */
export class Lifetimes {
  /** A session that is not used for so long is over. */
  readonly idleMs: Readonly<Record<'person' | 'administrator', number>>;

  constructor(settings: Settings) {
    this.idleMs = {
      person: settings.SESSION_IDLE_MINUTES * minuteMs,
      administrator: settings.ADMINISTRATOR_SESSION_IDLE_MINUTES * minuteMs,
    };
  }

  idleOf(session: SessionRow): number {
    return this.idleMs[kindOf(session)];
  }

  tokensOf(session: SessionRow): number {
    return tokensLastMs[kindOf(session)];
  }
}

/** Tokens of bots end when they were said to end, and are not refreshed. */
function kindOf({ id, accountKind }: SessionRow): 'person' | 'administrator' {
  if (accountKind === 'bot') throw new Error(`the session ${id} is a token of a bot`);
  return accountKind;
}
