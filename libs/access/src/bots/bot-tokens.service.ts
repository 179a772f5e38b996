import { Injectable } from '@nestjs/common';
import { AuditTrail } from '#audit';
import { newId, type BotScope, type BotToken, type Page } from '#contracts';
import { Bots } from '#directory';
import { decodeCursor, isUniqueViolation, toPage } from '#persistence';
import { AppError, type Principal } from '#platform';
import { newSession } from '../sessions/new-session.js';
import type { SessionRow } from '../sessions/session.entity.js';
import { Sessions } from '../sessions/sessions.service.js';
import { SessionsStore } from '../sessions/sessions.store.js';
import { Tokens } from '../sessions/tokens.js';

const dayMs = 86_400_000;

export interface TokenRequest {
  clientId: string;
  name: string;
  scopes: BotScope[];
  days: number;
}

/** Tokens of bots: sessions that last as long as was said, and can do what was said. */
@Injectable()
export class BotTokens {
  constructor(
    private readonly bots: Bots,
    private readonly store: SessionsStore,
    private readonly sessions: Sessions,
    private readonly tokens: Tokens,
    private readonly trail: AuditTrail,
  ) {}

  /** Throws `bot.not_found`. */
  async list(
    botId: string,
    { cursor, limit }: { cursor?: string | undefined; limit: number },
  ): Promise<Page<BotToken>> {
    await this.bots.require(botId);
    const [before] = decodeCursor(cursor, 1) ?? [];
    const rows = await this.store.ofBot(botId, before === undefined ? undefined : String(before), limit + 1);
    return toPage(rows, limit, ({ id }) => [id], present);
  }

  /** The token itself is made from its row each time, so it is stored nowhere. Throws `bot.not_found`, `client_id_reused`. */
  async issue(by: Principal, botId: string, request: TokenRequest): Promise<BotToken & { token: string }> {
    const bot = await this.bots.require(botId);
    if (!bot.active) throw new AppError('bot.not_found');
    const row = (await this.store.byClientId(botId, request.clientId)) ?? (await this.add(by, bot, request));
    const isSame = row.deviceName === request.name && String(row.scopes) === String(request.scopes);
    if (!isSame) throw new AppError('client_id_reused');
    const seconds = Math.max(1, Math.floor((row.expiresAt.getTime() - Date.now()) / 1000));
    return { ...present(row), token: this.tokens.issue(row.id, 'api', seconds) };
  }

  /** Throws `bot.not_found`. */
  async revoke(by: Principal, botId: string, tokenId: string): Promise<void> {
    await this.bots.require(botId);
    const isOfBot = (await this.store.findLive([tokenId])).some(({ accountId }) => accountId === botId);
    if (isOfBot) await this.sessions.end({ ids: [tokenId] }, 'revoked', by);
  }

  private async add(
    by: Principal,
    bot: { id: string; username: string; displayName: string },
    { clientId, name, scopes, days }: TokenRequest,
  ): Promise<SessionRow> {
    const account = { accountKind: 'bot' as const, accountId: bot.id, role: null };
    const { username, displayName } = bot;
    const row = {
      ...newSession(
        newId(),
        { ...account, username, displayName },
        { name, platform: 'bot', address: null },
        days * dayMs,
      ),
      scopes,
      clientId,
    };
    try {
      await this.store.transaction(async (tx) => {
        await this.store.insert(tx, [row]);
        await this.trail.record(tx, {
          action: 'bot.token_issued',
          by,
          object: { kind: 'bot', id: bot.id },
          details: { tokenId: row.id, name, scopes, expiresAt: row.expiresAt.toISOString() },
        });
      });
      return row;
    } catch (error) {
      // The same request arrived twice at once.
      const known = isUniqueViolation(error) && (await this.store.byClientId(bot.id, clientId));
      if (known) return known;
      throw error;
    }
  }
}

const present = ({ id, deviceName, scopes, createdAt, expiresAt, endedAt }: SessionRow): BotToken => ({
  id,
  name: deviceName,
  scopes: scopes ?? [],
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
  endedAt: endedAt?.toISOString() ?? null,
});
