import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { Health, logger, SETTINGS, StartError, type Settings } from '#platform';
import { BlobStore } from './blob-store.js';
import { DiskBlobStore } from './disk-blob-store.js';
import { S3BlobStore } from './s3-blob-store.js';

const log = logger('blobs');

/** The store these settings name; nothing is asked of it yet. Throws `StartError` where they name none. */
export function chooseStore(settings: Settings): BlobStore {
  const { S3_ENDPOINT, S3_ACCESS_KEY, S3_SECRET_KEY } = settings;
  if (!S3_ENDPOINT) return new DiskBlobStore(join(settings.CHANCERY_DATA, 'blobs'));
  if (!S3_ACCESS_KEY || !S3_SECRET_KEY)
    throw new StartError('S3_ENDPOINT needs S3_ACCESS_KEY and S3_SECRET_KEY.');
  return new S3BlobStore({
    endpoint: S3_ENDPOINT,
    accessKey: S3_ACCESS_KEY,
    secretKey: S3_SECRET_KEY,
    region: settings.S3_REGION,
    bucketPrefix: settings.S3_BUCKET_PREFIX,
  });
}

async function openStore(settings: Settings, health: Health): Promise<BlobStore> {
  const store = chooseStore(settings);
  // Messages flow without files, so a store that is away delays only files and shows in the health.
  let prepared = store.prepare();
  await prepared.then(
    () => void tell(store),
    (err: unknown) => log.error({ err }, 'the object store cannot be used'),
  );
  health.dependsOn('object store', async () => {
    prepared = prepared.catch(() => store.prepare());
    await prepared;
  });
  return store;
}

/** Says what the store can do, beside the start. */
async function tell(store: BlobStore): Promise<void> {
  try {
    log.info(await store.probe(), 'the object store was tried out');
  } catch (err) {
    log.warn({ err }, 'the object store could not be tried out');
  }
}

/** The object store, on S3 or on disk. */
@Global()
@Module({
  providers: [{ provide: BlobStore, useFactory: openStore, inject: [SETTINGS, Health] }],
  exports: [BlobStore],
})
export class BlobsModule {}
