import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditTrail } from '#audit';
import type { Bot, Page } from '#contracts';
import { decodeCursor, Hints, isUniqueViolation, toPage } from '#persistence';
import { AppError, type Principal } from '#platform';
import { BotsStore } from './bots.store.js';

/** Programs that take part in conversations. What they may do is said by their tokens, which are not known here. */
@Injectable()
export class Bots {
  constructor(
    private readonly store: BotsStore,
    private readonly trail: AuditTrail,
    private readonly hints: Hints,
  ) {}

  async list({ cursor, limit }: { cursor?: string | undefined; limit: number }): Promise<Page<Bot>> {
    const [after] = decodeCursor(cursor, 1) ?? [];
    const rows = await this.store.list(after === undefined ? undefined : String(after), limit + 1);
    return toPage(
      rows,
      limit,
      ({ id }) => [id],
      (bot) => bot,
    );
  }

  /** Throws `bot.not_found`. */
  async require(id: string): Promise<Bot> {
    const bot = await this.store.find(id);
    if (!bot) throw new AppError('bot.not_found');
    return bot;
  }

  /** Throws `bot.name_taken`. */
  async make(
    by: Principal,
    request: { clientId: string; username: string; displayName: string },
  ): Promise<Bot> {
    const { clientId, username, displayName } = request;
    const externalId = createHash('sha256').update(`${by.id} ${clientId}`).digest().subarray(0, 16);
    try {
      return await this.store.transaction(async (tx) => {
        const known = await this.store.made(tx, externalId);
        if (known) return known;
        if (await this.store.isNameTaken(tx, username)) throw new AppError('bot.name_taken');
        const bot = await this.store.add(tx, { externalId, username, displayName });
        const object = { kind: 'bot', id: bot.id };
        await this.trail.record(tx, { action: 'bot.made', by, object, details: { username, displayName } });
        tx.afterCommit(() => this.hints.publish('directory', 'changed'));
        return bot;
      });
    } catch (error) {
      // Somebody else took the name between the look and the row.
      if (isUniqueViolation(error)) throw new AppError('bot.name_taken', { cause: error });
      throw error;
    }
  }

  /** Its tokens are ended by whoever follows the directory. Throws `bot.not_found`. */
  async disable(by: Principal, id: string): Promise<Bot> {
    const bot = await this.require(id);
    await this.store.transaction(async (tx) => {
      if (!(await this.store.disable(tx, bot))) return;
      await this.trail.record(tx, { action: 'bot.disabled', by, object: { kind: 'bot', id } });
      tx.afterCommit(() => this.hints.publish('directory', 'changed'));
    });
    return { ...bot, active: false };
  }
}
