import { Injectable } from '@nestjs/common';
import { newId, type Bot } from '#contracts';
import { Database, type Transaction } from '#persistence';
import { addPersonVersions } from '../people/person-versions.store.js';
import { foldText, searchTerms, sortKey } from '../people/search-terms.js';

/** The source of those whom no directory knows. */
const botsSource = 'bots';

export interface NewBot {
  /** Made from the request, so that a repeat makes no second one. */
  externalId: Buffer;
  username: string;
  displayName: string;
}

const columns = `id, username, display_name as "displayName", active`;

/** Bots are rows among people, so that whatever names people names them too. */
@Injectable()
export class BotsStore {
  constructor(private readonly database: Database) {}

  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  list(after: string | undefined, limit: number): Promise<Bot[]> {
    return this.database.query<Bot>(
      `select ${columns} from directory.person
        where kind = 'bot' and ($1::uuid is null or id > $1) order by id limit $2`,
      [after ?? null, limit],
    );
  }

  async find(id: string): Promise<Bot | undefined> {
    const [bot] = await this.database.query<Bot>(
      `select ${columns} from directory.person where id = $1 and kind = 'bot'`,
      [id],
    );
    return bot;
  }

  /** A bot that the same request made before. */
  async made(tx: Transaction, externalId: Buffer): Promise<Bot | undefined> {
    const [bot] = await tx.query<Bot>(
      `select ${columns} from directory.person where external_id = $1 and kind = 'bot'`,
      [externalId],
    );
    return bot;
  }

  async isNameTaken(tx: Transaction, username: string): Promise<boolean> {
    const rows = await tx.query('select from directory.person where username_key = $1 limit 1', [
      foldText(username),
    ]);
    return rows.length > 0;
  }

  /** Throws a unique violation where another request takes the name, or makes the same bot, at this moment. */
  async add(tx: Transaction, { externalId, username, displayName }: NewBot): Promise<Bot> {
    const bot: Bot = { id: newId(), username, displayName, active: true };
    await tx.query(addSql, [
      botsSource,
      newId(),
      bot.id,
      externalId,
      username,
      foldText(username),
      displayName,
      sortKey(displayName),
      searchTerms({ ...nobody, username, displayName }),
    ]);
    const attributes = { kind: 'bot', username, displayName, active: true };
    await addPersonVersions(tx, [{ personId: bot.id, change: 'added', attributes }]);
    return bot;
  }

  /** @returns whether it was active */
  async disable(tx: Transaction, { id, username, displayName }: Bot): Promise<boolean> {
    const changed = await tx.query(
      `update directory.person set active = false, changed_at = now() where id = $1 and active returning 1`,
      [id],
    );
    if (changed.length === 0) return false;
    const attributes = { kind: 'bot', username, displayName, active: false };
    await addPersonVersions(tx, [{ personId: id, change: 'disabled', attributes }]);
    return true;
  }
}

const nobody = { givenName: null, staffNumber: null, email: null, phone: null, mobile: null };

const addSql = `
  with named as (
    insert into directory.source (id, name) values ($2, $1)
    on conflict (name) do update set name = excluded.name returning id)
  insert into directory.person (id, kind, source_id, external_id, username, username_key, distinguished_name,
                                display_name, rank, active, sort_key, terms, fingerprint, stamp, changed_at)
  select $3, 'bot', named.id, $4, $5, $6, '', $7, 0, true, $8, array_to_tsvector($9::text[]), '', '', now() from named`;
