import 'reflect-metadata';
import { Module, type DynamicModule, type INestApplicationContext, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Database, openDataSource, PersistenceModule } from '#persistence';
import { PlatformModule, readSettings } from '#platform';
import { makeTestDatabase, type TestDatabase } from './test-database.store.js';

/** A database with the product's schema, and ways into it as processes have them. */
export interface MigratedDatabase {
  /** As its owner, past the rights of the product. */
  raw: TestDatabase;
  /** Another process's connections, in the role of the product. */
  open(): Promise<Database>;
  drop(): Promise<void>;
}

export async function makeMigratedDatabase(): Promise<MigratedDatabase> {
  const raw = await makeTestDatabase();
  const opened: Database[] = [];
  return {
    raw,
    async open() {
      const source = openDataSource({ url: raw.url, role: 'chancery_app', pool: 4, name: 'chancery test' });
      const database = new Database(await source.initialize());
      opened.push(database);
      return database;
    },
    async drop() {
      await Promise.all(opened.map((database) => database.close()));
      await raw.drop();
    },
  };
}

@Module({})
class Process {}

/** Modules of the product over a database, as a process has them, without doors. */
export function openModules(
  url: string,
  ...modules: (Type | DynamicModule)[]
): Promise<INestApplicationContext> {
  const settings = readSettings({ DATABASE_URL: url, DATABASE_POOL: '4' });
  const imports = [PlatformModule.with(settings), PersistenceModule, ...modules];
  return NestFactory.createApplicationContext(
    { module: Process, imports },
    { logger: false, abortOnError: false },
  );
}
