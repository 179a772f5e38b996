import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { cryptoSuite, secretKey, suiteOf, type SecretKey } from '#platform';
import type { KeyFile } from './key-file.js';

/** Whose words and until when: the key of a piece of content is derived from the two. */
export interface ContentKeyRef {
  /** The person whose words these are. */
  ownerId: string;
  /** Month in which the content expires, `YYYY-MM-01`. */
  bucket: string;
}

/** Content may never expire; it has a bucket too. */
export const permanentBucket = '9999-12-01';

/** Runs the work while no other process does the same. */
export type Exclusively = <T>(work: () => Promise<T>) => Promise<T>;

const derivedKept = 20_000;

/**
 * Seals and opens what people write. Content keys are derived from a random key per person and one per month of
 * expiry, and are never stored: destroying either makes the content unreadable in every copy.
 */
export class Keys {
  private readonly derived = new LRUCache<string, SecretKey>({ max: derivedKept });

  constructor(
    private readonly file: KeyFile,
    private readonly exclusively: Exclusively,
  ) {}

  /** Sees to it that these keys exist, durably. To be called before a transaction that seals with them. */
  async ensure(refs: readonly ContentKeyRef[]): Promise<void> {
    const ids = [...new Set(refs.flatMap((ref) => [ref.ownerId, bucketKeyId(ref.bucket)]))];
    if (ids.every((id) => this.file.get(id))) return;
    await this.exclusively(() => this.file.create(ids));
  }

  /** Reads keys made by other processes, if any of these is unknown here. To be called before `open`. */
  async refresh(refs: readonly ContentKeyRef[]): Promise<void> {
    const isKnown = (ref: ContentKeyRef) =>
      this.file.get(ref.ownerId) && this.file.get(bucketKeyId(ref.bucket));
    if (!refs.every(isKnown)) await this.file.catchUp();
  }

  /** @param context what the content belongs to; it opens nowhere else */
  seal(ref: ContentKeyRef, plain: Uint8Array, context: Uint8Array): Buffer {
    return cryptoSuite.seal(this.contentKey(ref), plain, context);
  }

  /** Throws when a key is gone, or the content was altered or moved. */
  open(ref: ContentKeyRef, sealed: Uint8Array, context: Uint8Array): Buffer {
    return suiteOf(sealed).open(this.contentKey(ref), sealed, context);
  }

  private contentKey(ref: ContentKeyRef): SecretKey {
    const name = `${ref.ownerId} ${ref.bucket}`;
    const known = this.derived.get(name);
    if (known) return known;
    const person = this.file.get(ref.ownerId);
    const bucket = this.file.get(bucketKeyId(ref.bucket));
    if (!person || !bucket) throw new Error(`there is no key for ${name}`);
    const key = secretKey(cryptoSuite.derive(person, bucket, 'chancery content'));
    this.derived.set(name, key);
    return key;
  }
}

const bucketKeyIds = new LRUCache<string, string>({ max: 500, memoMethod: makeBucketKeyId });

/** The key of a month lives among the keys of people, under an id made from its name. */
const bucketKeyId = (bucket: string): string => bucketKeyIds.memo(bucket);

function makeBucketKeyId(bucket: string): string {
  const digest = createHash('sha256').update(`chancery bucket ${bucket}`).digest('hex');
  return digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
