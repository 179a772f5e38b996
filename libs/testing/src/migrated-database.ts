import 'reflect-metadata';
import { Module, type DynamicModule, type INestApplicationContext, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Database, migrate, openDataSource } from '#persistence';
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
  await migrate(raw.url);
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
class OverDatabase {}

/** Modules of the product over a database, without doors. */
export function openModules(
  database: Database,
  ...modules: (Type | DynamicModule)[]
): Promise<INestApplicationContext> {
  const provided = [{ provide: Database, useValue: database }];
  const ground = { module: OverDatabase, global: true, providers: provided, exports: [Database] };
  return NestFactory.createApplicationContext(
    { module: class {}, imports: [ground, ...modules] },
    { logger: false, abortOnError: false },
  );
}
