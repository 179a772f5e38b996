import 'reflect-metadata';
import { Module, type DynamicModule, type INestApplicationContext, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Database, openDataSource, PersistenceModule } from '#persistence';
import { PlatformModule, readSettings } from '#platform';
import type { Environment } from './served-process.js';
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

/** Modules of the product with settings as a process is given them, without doors. */
export function openModules(
  environment: Environment,
  ...modules: (Type | DynamicModule)[]
): Promise<INestApplicationContext> {
  const settings = readSettings({ DATABASE_POOL: '4', ...environment });
  const imports = [PlatformModule.with(settings), PersistenceModule, ...modules];
  return NestFactory.createApplicationContext(
    { module: Process, imports },
    { logger: false, abortOnError: false },
  );
}
