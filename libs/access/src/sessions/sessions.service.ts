import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { AuditTrail } from '#audit';
import { isUuid, newId, type Me, type SignedIn } from '#contracts';
import { Hints, type Transaction } from '#persistence';
import { AppError, Gathering, SETTINGS, type Principal, type Settings } from '#platform';
import { BlocksStore } from '../blocks/blocks.store.js';
import { Lifetimes } from './lifetimes.js';
import type { EndReason, SessionRow } from './session.entity.js';
import { newSession } from './new-session.js';
import { SessionsStore, type EndedSession, type Ending } from './sessions.store.js';
import { refreshHash, refreshSession, Tokens, type TokenUse } from './tokens.js';

const accessTokenSeconds = 300;
/** Two tabs may refresh with the same token at the same moment; later than this it is a stolen one. */
const reuseGraceMs = 30_000;
/** A session is looked up at most once in this time; its end is also told by a hint. */
const cacheMs = 500;
/** The use of a session is noted at most once in this time. */
const touchMs = 60_000;

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

  private readonly lifetimes: Lifetimes;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly store: SessionsStore,
    private readonly blocks: BlocksStore,
    private readonly tokens: Tokens,
    private readonly trail: AuditTrail,
    private readonly hints: Hints,
  ) {
    this.lifetimes = new Lifetimes(settings);
    hints.subscribe('sessions', (message) => {
      for (const id of message.split(' ')) this.principals.delete(id);
    });
  }

  /**
   * Begins a session of an account that has proved who it is; beyond the most there may be, the one not used for the
   * longest time ends. Throws `auth.account_disabled` for a person who is blocked.
   */
  async start(account: Account, device: Device, { factor, within }: Beginning = {}): Promise<NewSession> {
    const id = newId();
    const { token, hash } = this.tokens.newRefreshToken(id);
    const session = newSession(id, account, device, this.lifetimes.idleMs[account.accountKind], hash);
    await this.store.transaction(async (tx) => {
      await this.store.lockAccount(tx, account.accountId);
      if (await this.blocks.find(account.accountId)) throw new AppError('auth.account_disabled');
      const replaced = await this.store.beyond(tx, account.accountId, this.settings.SESSIONS_PER_ACCOUNT - 1);
      if (replaced.length > 0) await this.endWithin(tx, { ids: replaced }, 'replaced');
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

  /** Exchanges a refresh token. One that was used before ends its session. Throws `auth.session_ended`. */
  async refresh(token: string, address: string | null): Promise<NewSession> {
    const id = refreshSession(token);
    if (!isUuid(id)) throw new AppError('auth.session_ended');
    const hash = refreshHash(token);
    const outcome = await this.store.transaction(async (tx) => {
      const session = await this.store.findForRefresh(tx, id);
      if (!session || session.accountKind === 'bot' || session.endedAt || session.expiresAt <= new Date())
        return 'ended';
      if (!mayRefresh(session, hash)) return 'reused';
      const next = this.tokens.newRefreshToken(id);
      const expiresAt = new Date(Date.now() + this.lifetimes.idleOf(session));
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
      const alive = await this.store.liveIds(ids.slice(at, at + idsAtOnce));
      await this.store.touch(alive, this.lifetimes.idleMs);
      for (const id of alive) live.add(id);
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
    const live = await this.store.findLive(ids);
    const unused = live.filter(({ usedAt }) => Date.now() - usedAt.getTime() > touchMs);
    if (unused.length > 0) {
      await this.store.touch(
        unused.map(({ id }) => id),
        this.lifetimes.idleMs,
      );
    }
    const sessions = new Map(live.map((session) => [session.id, session]));
    return ids.map((id) => sessions.get(id));
  }

  private present(session: SessionRow, refreshToken: string): NewSession {
    const lifetime = this.lifetimes.tokensOf(session);
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

function mayRefresh(session: SessionRow, hash: Buffer): boolean {
  if (session.refreshHash.equals(hash)) return true;
  const isRecent = session.rotatedAt !== null && Date.now() - session.rotatedAt.getTime() < reuseGraceMs;
  return isRecent && session.previousHash?.equals(hash) === true;
}

const toMe = (session: SessionRow): Me => ({
  id: session.accountId,
  kind: session.accountKind,
  username: session.username,
  displayName: session.displayName,
  role: session.role,
});

function toPrincipal(session: SessionRow): Principal {
  const common = {
    id: session.accountId,
    name: session.displayName,
    username: session.username,
    sessionId: session.id,
    address: session.address,
  };
  if (session.accountKind === 'person') return { kind: 'person', ...common };
  if (session.accountKind === 'bot') return { kind: 'bot', scopes: session.scopes ?? [], ...common };
  if (!session.role) throw new Error(`the administrator's session ${session.id} has no role`);
  return { kind: 'administrator', role: session.role, ...common };
}
