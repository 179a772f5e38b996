import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort, MinioServer } from '#testing';
import { BlobMissing, type BlobPart, type BlobStore, type StoreAbilities } from './blob-store.js';
import { DiskBlobStore } from './disk-blob-store.js';
import { S3BlobStore } from './s3-blob-store.js';

interface Place {
  open(): Promise<BlobStore>;
  close(): Promise<void>;
}

function disk(): Place {
  let folder: string;
  return {
    async open() {
      folder = await mkdtemp(join(tmpdir(), 'chancery-blobs-'));
      return new DiskBlobStore(join(folder, 'blobs'));
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

function minio(): Place {
  let server: MinioServer;
  return {
    async open() {
      server = new MinioServer(await freePort());
      await server.start();
      const { endpoint, accessKey, secretKey } = server;
      return new S3BlobStore({ endpoint, accessKey, secretKey, region: 'us-east-1', bucketPrefix: 'test' });
    },
    close: () => server.close(),
  };
}

const places: [string, () => Place, Partial<StoreAbilities>][] = [
  ['on disk', disk, { versioning: false, objectLock: 'none' }],
];
if (MinioServer.isAtHand) places.push(['in MinIO', minio, { versioning: true, objectLock: 'enforced' }]);

describe.each(places)('a blob store %s', (_name, place, abilities) => {
  const where = place();
  let store: BlobStore;

  beforeAll(async () => {
    store = await where.open();
    await store.prepare();
  }, 60_000);
  afterAll(() => where.close());

  const read = async (key: string, offset = 0, length = Number.MAX_SAFE_INTEGER) =>
    buffer(await store.read('files', key, offset, length));

  it('prepares itself again without harm', async () => {
    await store.put('files', 'kept', Buffer.from('kept'));
    await store.prepare();
    expect((await read('kept')).toString()).toBe('kept');
  });

  it('gives back what was put, whole or from any place', async () => {
    const content = randomBytes(100_000);
    await store.put('files', 'one', content);
    expect(await read('one')).toEqual(content);
    expect(await read('one', 99_990)).toEqual(content.subarray(99_990));
    expect(await read('one', 5, 10)).toEqual(content.subarray(5, 15));
  });

  it('keeps the buckets apart', async () => {
    await store.put('records', 'apart', Buffer.from('record'));
    await expect(read('apart')).rejects.toThrow(BlobMissing);
  });

  it('says that something is missing', async () => {
    await expect(read('never-there')).rejects.toThrow(BlobMissing);
  });

  it('makes one object of parts, in the order of their numbers, and shows nothing before; once more changes nothing', async () => {
    const parts = [randomBytes(5 * 1024 * 1024), randomBytes(5 * 1024 * 1024), randomBytes(1234)];
    const upload = await store.begin('files', 'parts');
    const tags: BlobPart[] = [];
    for (const number of [2, 1, 3]) {
      const part = parts[number - 1]!;
      tags.push({
        number,
        tag: await store.putPart('files', 'parts', upload, number, part),
        size: part.length,
      });
    }
    await expect(read('parts')).rejects.toThrow(BlobMissing);
    tags.sort((a, b) => a.number - b.number);
    await store.complete('files', 'parts', upload, tags);
    await store.complete('files', 'parts', upload, tags);
    expect(Buffer.compare(await read('parts'), Buffer.concat(parts))).toBe(0);
  }, 60_000);

  it('is tried out, and nothing is left of that', async () => {
    expect(await store.probe()).toMatchObject({ multipart: true, range: true, ...abilities });
  }, 60_000);

  it('forgets an upload that was given up, and once more', async () => {
    const upload = await store.begin('files', 'given-up');
    await store.putPart('files', 'given-up', upload, 1, randomBytes(1000));
    await store.abort('files', 'given-up', upload);
    await store.abort('files', 'given-up', upload);
    await expect(read('given-up')).rejects.toThrow(BlobMissing);
  });

  it('lists what there is, with its size', async () => {
    await store.put('records', 'listed-one', Buffer.from('12345'));
    await store.put('records', 'listed-two', Buffer.from('1'));
    expect(await store.size('records', 'listed-one')).toBe(5);
    expect(await store.size('records', 'never-there')).toBeUndefined();
    const found = new Map<string, number>();
    for await (const { key, size, at } of store.list('records')) {
      expect(Math.abs(at.getTime() - Date.now())).toBeLessThan(120_000);
      found.set(key, size);
    }
    expect([found.get('listed-one'), found.get('listed-two')]).toEqual([5, 1]);
  });

  it('removes, and does nothing where there is nothing', async () => {
    await store.put('files', 'gone', Buffer.from('x'));
    await store.remove('files', 'gone');
    await store.remove('files', 'gone');
    await expect(read('gone')).rejects.toThrow(BlobMissing);
  });
});
