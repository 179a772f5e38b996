import type { AuditTrail } from '#audit';
import { sealedSize, type BlobStore } from '#blobs';
import type { UpkeepStore } from './upkeep.store.js';

const atOnce = 500;
const dayMs = 86_400_000;
/** Of everything that this library puts into the bucket. */
const keyPrefix = 'file-';

export interface Discrepancy {
  kind: 'missing' | 'wrong size' | 'orphan';
  key: string;
  /** Bytes of the object; absent where it is missing. */
  bytes?: number;
}

export interface Garbage {
  fileId: string;
  size: number;
  createdAt: Date;
}

/** What an operator looks at and tidies: database against store, in both directions, and files that nobody refers to. */
export class Upkeep {
  constructor(
    private readonly store: UpkeepStore,
    private readonly blobs: BlobStore,
    private readonly trail: AuditTrail,
  ) {}

  /** Files without their object, then objects without a file. Memory holds one batch. */
  async *discrepancies(): AsyncGenerator<Discrepancy> {
    for (let after: string | undefined; ;) {
      const files = await this.store.ready(after, atOnce);
      for (const { objectKey: key, size } of files) {
        const bytes = await this.blobs.size('files', key);
        if (bytes === undefined) yield { kind: 'missing', key };
        else if (bytes !== sealedSize(size)) yield { kind: 'wrong size', key, bytes };
      }
      after = files.at(-1)?.id;
      if (files.length < atOnce) break;
    }
    yield* this.orphans();
  }

  /** Files that no message refers to, uploaded so long ago, oldest first. */
  async *garbage(unsentDays: number): AsyncGenerator<Garbage> {
    const before = new Date(Date.now() - unsentDays * dayMs);
    for (let last: Garbage | undefined; ;) {
      const files = await this.store.unreferenced(before, last, atOnce);
      yield* files;
      last = files.at(-1);
      if (files.length < atOnce) return;
    }
  }

  /** @returns false where a message refers to it by now, and then it stays */
  async collect({ fileId, size }: Garbage): Promise<boolean> {
    const keys = await this.store.removeUnreferenced(fileId, (tx) =>
      this.trail.record(tx, {
        action: 'file.collected',
        object: { kind: 'file', id: fileId },
        details: { bytes: size },
      }),
    );
    // An object that outlives its row is an orphan, which the next round finds.
    for (const key of keys ?? []) await this.blobs.remove('files', key);
    return keys !== undefined;
  }

  async removeOrphan(key: string): Promise<void> {
    await this.blobs.remove('files', key);
  }

  /** A file's row is there before its object is, so an object without one is nobody's. */
  private async *orphans(): AsyncGenerator<Discrepancy> {
    let batch: { key: string; bytes: number }[] = [];
    // What is being tried out right now is left alone.
    const youngest = Date.now() - dayMs;
    for await (const { key, size, at } of this.blobs.list('files')) {
      // Others keep things in this bucket too, such as photos of people.
      if (at.getTime() > youngest || !key.startsWith(keyPrefix)) continue;
      batch.push({ key, bytes: size });
      if (batch.length < atOnce) continue;
      yield* await this.unknown(batch);
      batch = [];
    }
    yield* await this.unknown(batch);
  }

  private async unknown(batch: { key: string; bytes: number }[]): Promise<Discrepancy[]> {
    const known = await this.store.knownKeys(batch.map(({ key }) => key));
    return batch.filter(({ key }) => !known.has(key)).map((one) => ({ kind: 'orphan' as const, ...one }));
  }
}
