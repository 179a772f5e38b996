import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Health, SETTINGS, StartError, type Settings } from '#platform';
import { Database, openDataSource } from './database.js';
import { Hints } from './hints/hints.js';
import { NatsHints } from './hints/nats-hints.js';
import { PostgresHints } from './hints/postgres-hints.js';
import { Jobs } from './jobs.js';
import { LogWatch } from './log-watch.js';
import { migrate, requireDurable } from './migrate.js';
import { installationKey } from './positions.store.js';
import { Replicated } from './replicated.js';

async function openDatabase(settings: Settings, health: Health): Promise<Database> {
  if (!settings.DATABASE_URL) {
    throw new StartError(
      'DATABASE_URL is missing: this process needs a PostgreSQL; only the suite brings one.',
    );
  }
  await migrate(settings.DATABASE_URL);
  const source = openDataSource({
    url: settings.DATABASE_APP_URL ?? settings.DATABASE_URL,
    role: settings.DATABASE_APP_URL ? undefined : 'chancery_app',
    pool: settings.DATABASE_POOL,
    name: 'chancery',
  });
  const database = new Database(await source.initialize());
  await requireDurable(source);
  health.dependsOn('database', async () => void (await database.query('select 1')));
  return database;
}

async function openHints(settings: Settings, database: Database): Promise<Hints> {
  const hints = settings.NATS_URL
    ? new NatsHints({ url: settings.NATS_URL, subject: `chancery.${await installationKey(database)}` })
    : new PostgresHints(settings.DATABASE_APP_URL ?? settings.DATABASE_URL!);
  await hints.open();
  return hints;
}

async function openLogWatch(database: Database): Promise<LogWatch> {
  const watch = new LogWatch(database);
  await watch.open();
  return watch;
}

/** The database as the application's role, and the bus. */
@Global()
@Module({
  providers: [
    { provide: Database, useFactory: openDatabase, inject: [SETTINGS, Health] },
    { provide: Hints, useFactory: openHints, inject: [SETTINGS, Database] },
    { provide: LogWatch, useFactory: openLogWatch, inject: [Database] },
    { provide: Replicated, useFactory: (database: Database) => new Replicated(database), inject: [Database] },
    {
      provide: Jobs,
      useFactory: (settings: Settings) =>
        settings.DATABASE_APP_URL
          ? new Jobs(settings.DATABASE_APP_URL, undefined)
          : new Jobs(settings.DATABASE_URL!, 'chancery_app'),
      inject: [SETTINGS, Database],
    },
  ],
  exports: [Database, Hints, Jobs, LogWatch, Replicated],
})
export class PersistenceModule implements OnApplicationShutdown {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Hints) private readonly hints: Hints,
    @Inject(Jobs) private readonly jobs: Jobs,
    @Inject(LogWatch) private readonly watch: LogWatch,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.watch.close();
    await this.jobs.stop();
    await this.hints.close();
    await this.database.close();
  }
}
