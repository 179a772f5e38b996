import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { AuditTrail } from '#audit';
import { isUuid, newId, type SignedIn } from '#contracts';
import { Hints, type Transaction } from '#persistence';
import { AppError, Gathering, type Principal } from '#platform';
import type { SessionLimits } from '../rates/access-policies.js';
import { BlocksStore } from '../blocks/blocks.store.js';
import type { EndReason, SessionRow } from './session.entity.js';
import { lastingMs, mayRefresh, toMe, toPrincipal } from './session.js';
import { newSession } from './new-session.js';
import { SessionRules } from './session-rules.js';
import { SessionUses } from './session-uses.service.js';
import { SessionsStore, type EndedSession, type Ending, type LiveMark } from './sessions.store.js';
import { refreshHash, refreshSession, Tokens, type TokenUse } from './tokens.js';

const accessTokenSeconds = 300;
/** A session is looked up at most once in this time; its end is also told by a hint. */
const cacheMs = 500;

const idsAtOnce = 1000;

/** Who signs in. */
export interface Account extends Pick<SessionRow, 'accountId' | 'username' | 'displayName' | 'role'> {
  accountKind: 'person' | 'administrator';
}

export interface Device {
  name: string;
  platform: string;
  address: string | null;
}

/** What else happens where a session begins. */
export interface Beginning {
  /** What the account proved itself with besides its first step. */
  factor?: string;
  /** In the transaction in which it begins. */
  within?(tx: Transaction, by: Principal): Promise<void>;
}

export interface NewSession extends SignedIn {
  refreshToken: string;
  /** For cookies that only fetch content. */
  mediaToken: string;
  lifetimeMs: number;
}

@Injectable()
export class Sessions {
  private readonly live = new Gathering<string, SessionRow | undefined>((ids) => this.findLive(ids), {
    together: 200,
    underWay: 1,
    waiting: 20_000,
  });
  private readonly principals = new LRUCache<string, Principal>({ max: 50_000, ttl: cacheMs });

  constructor(
    private readonly rules: SessionRules,
    private readonly store: SessionsStore,
    private readonly uses: SessionUses,
    private readonly blocks: BlocksStore,
    private readonly tokens: Tokens,
    private readonly trail: AuditTrail,
    private readonly hints: Hints,
  ) {
    hints.subscribe('sessions', (message) => {
      for (const id of message.split(' ')) this.principals.delete(id);
    });
  }

  /**
   * Begins a session of an account that has proved who it is; beyond the most there may be, the one not used for the
   * longest time ends, or the new one is refused with `auth.too_many_devices`. Throws `auth.account_disabled` for a
   * person who is blocked.
   */
  async start(account: Account, device: Device, { factor, within }: Beginning = {}): Promise<NewSession> {
    const id = newId();
    const { token, hash } = this.tokens.newRefreshToken(id);
    const limits = await this.rules.limitsFor(account);
    const session = newSession(id, account, device, lastingMs(limits), hash);
    await this.store.transaction(async (tx) => {
      await this.store.lockAccount(tx, account.accountId);
      if (await this.blocks.find(account.accountId)) throw new AppError('auth.account_disabled');
      await this.makeRoom(tx, account.accountId, limits);
      await this.store.insert(tx, [session]);
      const by = toPrincipal(session);
      await within?.(tx, by);
      const details = { device: device.name, platform: device.platform, ...(factor && { factor }) };
      await this.trail.record(tx, {
        action: 'session.started',
        by,
        object: { kind: 'session', id },
        details,
      });
    });
    return this.present(session, token);
  }

  private async makeRoom(
    tx: Transaction,
    accountId: string,
    { devices, beyond }: SessionLimits,
  ): Promise<void> {
    const replaced = await this.store.beyond(tx, accountId, devices - 1);
    if (replaced.length === 0) return;
    if (beyond === 'refuse') throw new AppError('auth.too_many_devices', { details: { most: devices } });
    await this.endWithin(tx, { ids: replaced }, 'replaced');
  }

  /** Exchanges a refresh token. One that was used before ends its session. Throws `auth.session_ended`. */
  async refresh(token: string, address: string | null): Promise<NewSession> {
    const id = refreshSession(token);
    if (!isUuid(id)) throw new AppError('auth.session_ended');
    const hash = refreshHash(token);
    const outcome = await this.store.transaction(async (tx) => {
      const session = await this.store.findForRefresh(tx, id);
      if (!session || session.accountKind === 'bot' || this.isEnded(session)) return 'ended';
      if (!mayRefresh(session, hash)) return 'reused';
      const next = this.tokens.newRefreshToken(id);
      const expiresAt = this.rules.expiryOf(session);
      await this.store.rotate(tx, id, {
        refreshHash: next.hash,
        previousHash: session.refreshHash,
        expiresAt,
        address,
      });
      return this.present(session, next.token);
    });
    if (outcome === 'reused') await this.end({ ids: [id] }, 'reused');
    if (outcome === 'reused' || outcome === 'ended') throw new AppError('auth.session_ended');
    return outcome;
  }

  /** Whom a token speaks for. Throws `auth.required` or `auth.session_ended`. */
  async authenticate(token: string | undefined, use: TokenUse): Promise<Principal> {
    const id = token === undefined ? undefined : this.tokens.read(token, use);
    if (id === undefined) throw new AppError('auth.required');
    const known = this.principals.get(id);
    if (known) return known;
    const session = await this.live.ask(id);
    if (!session) throw await this.over(id);
    const principal = toPrincipal(session);
    this.principals.set(id, principal);
    return principal;
  }

  /** Asks the database itself. Throws `auth.session_ended`. */
  async requireLive(id: string): Promise<void> {
    if (!(await this.live.ask(id))) throw await this.over(id);
  }

  /** Whoever holds the token of a session that is over may know why. */
  private async over(id: string): Promise<AppError> {
    const reason = (await this.store.endReason(id)) ?? 'expired';
    return new AppError('auth.session_ended', { details: { reason } });
  }

  /** Those of the sessions that are not over; being connected is a use of them. */
  async liveAmong(ids: readonly string[]): Promise<Set<string>> {
    const live = new Set<string>();
    for (let at = 0; at < ids.length; at += idsAtOnce) {
      const alive = this.notOver(await this.store.findLive(ids.slice(at, at + idsAtOnce)));
      this.uses.note(alive);
      for (const { id } of alive) live.add(id);
    }
    return live;
  }

  /** Ends sessions on every process; devices that are connected are told and cut off. */
  end(which: Ending, reason: EndReason, by?: Principal): Promise<EndedSession[]> {
    return this.store.transaction((tx) => this.endWithin(tx, which, reason, by));
  }

  /** As `end`, once the transaction commits. */
  async endWithin(
    tx: Transaction,
    which: Ending,
    reason: EndReason,
    by?: Principal,
  ): Promise<EndedSession[]> {
    const ended = await this.store.end(tx, which, reason);
    if (ended.length === 0) return ended;
    await this.trail.record(
      tx,
      ...ended.map(({ id, accountId }) => ({
        action: 'session.ended',
        by,
        object: { kind: 'session', id },
        details: { accountId, reason },
      })),
    );
    tx.afterCommit(() => {
      for (const { id } of ended) this.hints.publish('sessions', id);
    });
    return ended;
  }

  /** Whether whoever sits there proved within so many seconds who they are. */
  hasProved(id: string, seconds: number): Promise<boolean> {
    return this.store.hasProved(id, seconds);
  }

  endedAfter(pos: number, limit: number): Promise<EndedSession[]> {
    return this.store.endedAfter(pos, limit);
  }

  countLive(): Promise<number> {
    return this.store.countLive();
  }

  private async findLive(ids: string[]): Promise<(SessionRow | undefined)[]> {
    const live = this.notOver(await this.store.findLive(ids));
    this.uses.note(live);
    const sessions = new Map(live.map((session) => [session.id, session]));
    return ids.map((id) => sessions.get(id));
  }

  /** Ends what has run out, or is over by what the policies say now. */
  async endOver(): Promise<void> {
    let after: LiveMark | undefined;
    do {
      const page = await this.store.notEnded(after, idsAtOnce);
      const over = page.filter((session) => session.expiresAt <= new Date() || this.rules.isOver(session));
      if (over.length > 0) await this.end({ ids: over.map(({ id }) => id) }, 'expired');
      after = page.length < idsAtOnce ? undefined : page.at(-1);
    } while (after);
  }

  private isEnded(session: SessionRow): boolean {
    return session.endedAt !== null || session.expiresAt <= new Date() || this.rules.isOver(session);
  }

  private notOver(sessions: SessionRow[]): SessionRow[] {
    return sessions.filter((session) => !this.rules.isOver(session));
  }

  private present(session: SessionRow, refreshToken: string): NewSession {
    const lifetime = this.rules.tokensOf(session);
    return {
      accessToken: this.tokens.issue(session.id, 'api', accessTokenSeconds),
      mediaToken: this.tokens.issue(session.id, 'media', lifetime / 1000),
      refreshToken,
      lifetimeMs: lifetime,
      expiresIn: accessTokenSeconds,
      sessionId: session.id,
      user: toMe(session),
    };
  }
}
