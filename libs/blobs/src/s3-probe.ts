import { randomBytes, randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { Client } from 'minio';
import type { BlobStore, StoreAbilities } from './blob-store.js';

const leastPart = 5 * 1024 * 1024;

/** Tries a server out, on objects and a bucket of this probe alone. */
export async function probeS3(
  store: BlobStore,
  client: Client,
  bucket: string,
): Promise<Omit<StoreAbilities, 'store'>> {
  const key = `probe-${randomUUID()}`;
  const content = randomBytes(leastPart + 10);
  try {
    const upload = await store.begin('files', key);
    const parts = [];
    for (const [i, part] of [content.subarray(0, leastPart), content.subarray(leastPart)].entries()) {
      const tag = await store.putPart('files', key, upload, i + 1, part);
      parts.push({ number: i + 1, tag, size: part.length });
    }
    await store.complete('files', key, upload, parts);
    const from = leastPart - 5;
    const stretch = await buffer(await store.read('files', key, from, 10));
    const range = stretch.equals(content.subarray(from, from + 10));
    return { multipart: true, range, ...(await probeLock(client, bucket)) };
  } finally {
    await store.remove('files', key);
  }
}

/** Only a bucket that was made for locks has them, and a server may take a lock without keeping it. */
async function probeLock(
  client: Client,
  bucket: string,
): Promise<Pick<StoreAbilities, 'versioning' | 'objectLock'>> {
  const name = `${bucket.slice(0, 40)}-probe-${randomBytes(6).toString('hex')}`;
  const none = { versioning: false, objectLock: 'none' as const };
  const isMade = await succeeds(client.makeBucket(name, '', { ObjectLocking: true }));
  if (!isMade) return none;
  try {
    const { versionId } = await client.putObject(name, 'held', Buffer.from('held'));
    if (!versionId) return none;
    // Typed as if it returned nothing.
    const hold = (status: 'ON' | 'OFF') =>
      client.setObjectLegalHold(name, 'held', { versionId, status }) as unknown as Promise<void>;
    if (!(await succeeds(hold('ON')))) {
      await client.removeObject(name, 'held', { versionId });
      return { versioning: true, objectLock: 'none' };
    }
    const wasRemoved = await succeeds(client.removeObject(name, 'held', { versionId }));
    if (wasRemoved) return { versioning: true, objectLock: 'ignored' };
    await hold('OFF');
    await client.removeObject(name, 'held', { versionId });
    return { versioning: true, objectLock: 'enforced' };
  } finally {
    await succeeds(client.removeObject(name, 'held'));
    await succeeds(client.removeBucket(name));
  }
}

const succeeds = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  );
