import { types, type ClientBase } from 'pg';
import {
  DataSource,
  getMetadataArgsStorage,
  type EntityTarget,
  type ObjectLiteral,
  type QueryRunner,
  type Repository,
} from 'typeorm';
import { isDatabaseAway, logger } from '#platform';
import { certain } from './uncertain-commit.js';

const log = logger('persistence');

/** Roles of PostgreSQL follow doors, not processes: each connection is one of these. */
export type DatabaseRole = 'chancery_owner' | 'chancery_app';

export interface Connection {
  url: string;
  /** Set at the start of every connection; absent where the URL logs in as the right user itself. */
  role?: DatabaseRole;
  pool: number;
  name: string;
}

const INT8 = 20;

// Positions, seqs and sizes stay far below 2^53, so they are numbers here; JSON could not carry more anyway.
const typeParsers = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? Number : (types.getTypeParser(oid, format ?? 'text') as (text: string) => unknown),
};

/** Every entity class this process has loaded is part of its data source. */
export function openDataSource(connection: Connection): DataSource {
  return new DataSource({
    type: 'postgres',
    url: connection.url,
    applicationName: connection.name,
    poolSize: connection.pool,
    connectTimeoutMS: 5000,
    entities: getMetadataArgsStorage().tables.map((table) => table.target as never),
    synchronize: false,
    logging: false,
    poolErrorHandler: (err: Error) => log.warn({ err }, 'an idle database connection was lost'),
    extra: {
      types: typeParsers,
      // Seconds of a statement and of an idle transaction; nothing of ours may hold locks longer.
      options: [
        connection.role && `-c role=${connection.role}`,
        '-c timezone=UTC',
        '-c idle_in_transaction_session_timeout=60000',
      ]
        .filter(Boolean)
        .join(' '),
    },
  });
}

/** Reads and writes as one role. Stores are the only ones who use it. */
export class Database {
  /** Whether a commit waits for a standby. Kept up by `LogWatch`. */
  waitsForStandby = false;

  constructor(readonly source: DataSource) {}

  async query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    const runner = this.source.createQueryRunner();
    try {
      return await certain(runner, () => rows<Row>(runner, sql, parameters));
    } finally {
      await runner.release();
    }
  }

  repository<Entity extends ObjectLiteral>(entity: EntityTarget<Entity>): Repository<Entity> {
    return this.source.getRepository(entity);
  }

  /**
   * Runs the work in one transaction, READ COMMITTED. What was put off with `afterCommit` runs once it is durable.
   * With a synchronous standby everything the transaction has read, too, is on the standby when it returns, so that
   * the answer to a repeat promises as much as the first one. Throws `UncertainCommit` where nobody can say.
   */
  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const runner = this.source.createQueryRunner();
    const tx = new Transaction(runner);
    try {
      await runner.startTransaction();
      const result = await work(tx);
      if (this.waitsForStandby) await tx.query(waitAtCommitSql);
      await certain(runner, () => runner.commitTransaction());
      tx.committed();
      return result;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(discard(runner));
      throw error;
    } finally {
      await runner.release().catch(discard(runner));
    }
  }

  async close(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy();
  }
}

// A commit that wrote nothing waits for nobody; one with a record in the WAL waits like any other, and whatever the
// transaction has read was written to the WAL before it.
const waitAtCommitSql = `select pg_logical_emit_message(true, 'chancery', '')`;

// After a lost connection there is nothing left to roll back; the server has done it.
const discard = (_runner: QueryRunner) => (err: unknown) => {
  if (!isDatabaseAway(err)) log.warn({ err }, 'a transaction could not be ended in order');
};

async function rows<Row>(runner: QueryRunner, sql: string, parameters: unknown[]): Promise<Row[]> {
  const result = await runner.query(sql, parameters, true);
  return result.records as Row[];
}

/** A running transaction, handed to stores that take part in it. */
export class Transaction {
  private readonly afterwards: (() => void)[] = [];

  constructor(private readonly runner: QueryRunner) {}

  query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return rows<Row>(this.runner, sql, parameters);
  }

  /** As `query`, parsed and planned once per connection: for statements of the hot path. */
  async prepared<Row>(name: string, sql: string, parameters: unknown[]): Promise<Row[]> {
    const client = (await this.runner.connect()) as ClientBase;
    const result = await client.query<Row & object>({ name, text: sql, values: parameters });
    return result.rows;
  }

  repository<Entity extends ObjectLiteral>(entity: EntityTarget<Entity>): Repository<Entity> {
    return this.runner.manager.getRepository(entity);
  }

  /** Inserts rows as they are: entities here have no relations, so nothing of TypeORM's deep-partial forms is meant. */
  async insert<Entity extends ObjectLiteral>(
    entity: EntityTarget<Entity>,
    rows: Partial<Entity> | Partial<Entity>[],
  ): Promise<void> {
    await this.runner.manager.insert(entity, rows as never);
  }

  /** For hints and caches only: what must not be lost is a row of this transaction. */
  afterCommit(action: () => void): void {
    this.afterwards.push(action);
  }

  /** @internal */
  committed(): void {
    for (const action of this.afterwards) action();
  }
}

/** For bigint columns of entities: they hold positions, seqs and sizes, which are numbers everywhere in our code. */
export const asNumber = {
  to: (value: number | null): number | null => value,
  from: (value: string | number | null): number | null => (value === null ? null : Number(value)),
};

/** Two transactions wanted to write the same key; run again, the later one sees the other. */
export const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '23505';
