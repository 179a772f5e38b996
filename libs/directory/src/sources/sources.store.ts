import { Injectable } from '@nestjs/common';
import type { DirectorySource, DirectorySourceSettings } from '#contracts';
import { Database, type Transaction } from '#persistence';
import { SourceRow } from './source.entity.js';

/** A row that is a directory. */
export type DirectoryRow = SourceRow & {
  settings: DirectorySourceSettings;
  origin: 'settings' | 'console';
} & {
  bindPassword: Buffer;
};

export type ListedSource = DirectoryRow & {
  people: number;
  lookedAt: Date | null;
  lookFault: string | null;
};

@Injectable()
export class SourcesStore {
  constructor(private readonly database: Database) {}

  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  /** Adding and changing sources takes turns. */
  async lock(tx: Transaction): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('chancery directory sources', 0))`);
  }

  /** In the order of their names. */
  async list(after: string | undefined, limit: number): Promise<ListedSource[]> {
    return this.database.query<ListedSource>(
      `${listSql} where origin is not null and ($1::text is null or name > $1) order by name limit $2`,
      [after ?? null, limit],
    );
  }

  async find(id: string, tx?: Transaction): Promise<ListedSource | undefined> {
    const [row] = await (tx ?? this.database).query<ListedSource>(
      `${listSql} where origin is not null and id = $1`,
      [id],
    );
    return row;
  }

  async findByName(name: string, tx: Transaction): Promise<SourceRow | null> {
    return tx.repository(SourceRow).findOneBy({ name });
  }

  async findByClientId(clientId: string, tx: Transaction): Promise<SourceRow | null> {
    return tx.repository(SourceRow).findOneBy({ clientId });
  }

  /** In the order of their precedence. */
  async ids(which: 'active' | 'all'): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `select id from directory.source where origin is not null and ($1 = 'all' or state = 'active')
        order by precedence, name`,
      [which],
    );
    return rows.map(({ id }) => id);
  }

  /** Ends by itself in a unique violation when another request adds the same at this moment. */
  add(tx: Transaction, row: Omit<DirectoryRow, 'createdAt' | 'changedAt'>): Promise<void> {
    return tx.insert(SourceRow, row);
  }

  async change(
    tx: Transaction,
    id: string,
    values: Partial<Pick<SourceRow, 'settings' | 'bindPassword' | 'precedence' | 'origin'>>,
  ): Promise<void> {
    // As JSON, which TypeORM's types of partial rows cannot express for nested values.
    await tx.repository(SourceRow).update({ id }, { ...(values as object), changedAt: new Date() });
  }

  async setState(tx: Transaction, id: string, state: DirectorySource['state']): Promise<void> {
    await tx.repository(SourceRow).update({ id }, { state });
  }
}

const listSql = `
  select id, name, origin, state, precedence, settings, bind_password as "bindPassword", client_id as "clientId",
         created_at as "createdAt", changed_at as "changedAt",
         (select count(*)::int from directory.person where source_id = source.id and active) as people,
         (select looked_at from directory.reading where source_id = source.id) as "lookedAt",
         (select fault from directory.reading where source_id = source.id) as "lookFault"
    from directory.source source`;
