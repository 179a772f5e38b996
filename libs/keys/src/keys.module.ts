import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { Database } from '#persistence';
import { SETTINGS, type Settings } from '#platform';
import { KeyFile, readSecret } from './key-file.js';
import { Keys, type Exclusively } from './keys.service.js';
import { takeKeyLock } from './key-lock.store.js';

/** Signs access tokens and compares requests; shared by all processes, of no use for reading content. */
export class ServiceSecret {
  constructor(readonly bytes: Buffer) {}
}

/** Keys of exports: apart from those of content, because the console's process holds these and never the others. */
export class RecordKeys extends Keys {}

/** Keys that are opened with their first use: few processes have any. */
class KeysOnDemand {
  private keys: Promise<Keys> | undefined;

  constructor(private readonly open: () => Promise<Keys>) {}

  opened(): Promise<Keys> {
    this.keys ??= this.open().catch((error: unknown) => {
      this.keys = undefined;
      throw error;
    });
    return this.keys;
  }
}

/** Seals what is needed to reach the directories. */
export class DirectoryKeys extends KeysOnDemand {}

/** Seals what signing in needs: secrets of second factors, and those of identity providers. */
export class AccessKeys extends KeysOnDemand {}

const folderOf = (settings: Settings) => settings.CHANCERY_KEYS ?? join(settings.CHANCERY_DATA, 'keys');

const exclusive =
  (database: Database, scope: string): Exclusively =>
  (work) =>
    database.transaction(async (tx) => {
      await takeKeyLock(tx, scope);
      return work();
    });

/** For processes that seal and open what people write. */
@Module({
  providers: [
    {
      provide: Keys,
      useFactory: async (settings: Settings, database: Database) =>
        new Keys(await KeyFile.open(folderOf(settings), 'content'), exclusive(database, 'content')),
      inject: [SETTINGS, Database],
    },
  ],
  exports: [Keys],
})
export class ContentKeysModule {}

/** For processes that ask the directories. */
@Module({
  providers: [
    {
      provide: DirectoryKeys,
      useFactory: (settings: Settings, database: Database) =>
        new DirectoryKeys(
          async () =>
            new Keys(await KeyFile.open(folderOf(settings), 'directory'), exclusive(database, 'directory')),
        ),
      inject: [SETTINGS, Database],
    },
  ],
  exports: [DirectoryKeys],
})
export class DirectoryKeysModule {}

/** For processes that check second factors, or speak with identity providers. */
@Module({
  providers: [
    {
      provide: AccessKeys,
      useFactory: (settings: Settings, database: Database) =>
        new AccessKeys(
          async () =>
            new Keys(await KeyFile.open(folderOf(settings), 'access'), exclusive(database, 'access')),
        ),
      inject: [SETTINGS, Database],
    },
  ],
  exports: [AccessKeys],
})
export class AccessKeysModule {}

/** For processes that make or hand out exports. */
@Module({
  providers: [
    {
      provide: RecordKeys,
      useFactory: async (settings: Settings, database: Database) =>
        new RecordKeys(await KeyFile.open(folderOf(settings), 'records'), exclusive(database, 'records')),
      inject: [SETTINGS, Database],
    },
  ],
  exports: [RecordKeys],
})
export class RecordKeysModule {}

/** For every process that answers to people. */
@Module({
  providers: [
    {
      provide: ServiceSecret,
      useFactory: async (settings: Settings) =>
        new ServiceSecret(await readSecret(join(folderOf(settings), 'service.secret'), 32)),
      inject: [SETTINGS],
    },
  ],
  exports: [ServiceSecret],
})
export class ServiceSecretModule {}
