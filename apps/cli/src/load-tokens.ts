import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AccessModule, LoadTokens } from '#access';
import { BlobsModule } from '#blobs';
import { findEmbeddedPostgres, PersistenceModule } from '#persistence';
import { PlatformModule, readSettings, StartError, type Settings } from '#platform';

@Module({ imports: [PersistenceModule, BlobsModule, AccessModule] })
class TokensModule {
  static with(settings: Settings): DynamicModule {
    return { module: TokensModule, imports: [PlatformModule.with(settings)] };
  }
}

/** Throws `StartError` where load tests are not allowed, or nothing runs on the data. */
export async function loadTokens(count: number): Promise<void> {
  if (!Number.isSafeInteger(count) || count < 1)
    throw new StartError('--count takes a whole number from 1 on.');
  const settings = readSettings();
  requireDemo(settings);
  const data = settings.CHANCERY_DATA;
  const DATABASE_URL = settings.DATABASE_URL ?? (await findEmbeddedPostgres(join(data, 'postgres')));
  if (!DATABASE_URL) throw new StartError(`Nothing runs on ${data}. Start the suite first: npm start`);
  const app = await NestFactory.createApplicationContext(TokensModule.with({ ...settings, DATABASE_URL }), {
    logger: false,
    abortOnError: false,
  });
  try {
    for await (const token of app.get(LoadTokens).issue(count)) process.stdout.write(`${token}\n`);
  } finally {
    await app.close();
  }
}

function requireDemo(settings: Settings): void {
  if (!settings.CHANCERY_LOADTEST) throw new StartError('Tokens for load tests need CHANCERY_LOADTEST=1.');
  if (!existsSync(join(settings.CHANCERY_DATA, 'demo-accounts.json'))) {
    throw new StartError(
      `${settings.CHANCERY_DATA} is not the data of a demo; tokens are never made for real people.`,
    );
  }
}
