import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import {
  BlobDamaged,
  BlobMissing,
  BlobStore,
  PartsLost,
  sizeOf,
  type BlobPart,
  type Bucket,
  type StoreAbilities,
  type StoredBlob,
} from './blob-store.js';

const readBytes = 256 * 1024;

/** Objects as files of a folder, for one machine. A file gets its name only once it is whole and on the disk. */
export class DiskBlobStore extends BlobStore {
  constructor(private readonly folder: string) {
    super();
  }

  async prepare(): Promise<void> {
    await mkdir(join(this.folder, 'drafts'), { recursive: true, mode: 0o700 });
  }

  async put(bucket: Bucket, key: string, content: Buffer): Promise<void> {
    const draft = this.draft(randomUUID());
    await writeDurably(draft, content);
    await this.place(draft, bucket, key);
  }

  async begin(): Promise<string> {
    const upload = randomUUID();
    await mkdir(this.draft(upload), { mode: 0o700 });
    return upload;
  }

  async putPart(
    _bucket: Bucket,
    _key: string,
    upload: string,
    number: number,
    content: Buffer,
  ): Promise<string> {
    await writeDurably(join(this.draft(upload), String(number)), content);
    return String(content.length);
  }

  async complete(bucket: Bucket, key: string, upload: string, parts: BlobPart[]): Promise<void> {
    const size = sizeOf(parts);
    // Done before, by somebody who did not come to say so.
    if ((await sizeOnDisk(this.path(bucket, key))) === size) return this.abort(bucket, key, upload);
    const draft = join(this.draft(upload), 'whole');
    const handle = await open(draft, 'w', 0o600).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? new PartsLost(`${bucket}/${key}`, { cause: error }) : error;
    });
    try {
      for (const { number } of parts) {
        // Each is written where the one before ended.
        const part = join(this.draft(upload), String(number));
        if ((await sizeOnDisk(part)) === undefined) throw new PartsLost(`${bucket}/${key}`);
        await handle.writeFile(createReadStream(part));
      }
      await handle.sync();
      const { size: found } = await handle.stat();
      if (found !== size) throw new BlobDamaged(`there are ${found} bytes of ${size}`);
    } finally {
      await handle.close();
    }
    await this.place(draft, bucket, key);
    await this.abort(bucket, key, upload);
  }

  async abort(_bucket: Bucket, _key: string, upload: string): Promise<void> {
    await rm(this.draft(upload), { recursive: true, force: true });
  }

  async read(bucket: Bucket, key: string, offset: number, length: number): Promise<Readable> {
    const path = this.path(bucket, key);
    if ((await sizeOnDisk(path)) === undefined) throw new BlobMissing(`${bucket}/${key}`);
    return createReadStream(path, {
      highWaterMark: readBytes,
      start: offset,
      end: Math.min(offset + length, Number.MAX_SAFE_INTEGER) - 1,
    });
  }

  async remove(bucket: Bucket, key: string): Promise<void> {
    await rm(this.path(bucket, key), { force: true });
  }

  size(bucket: Bucket, key: string): Promise<number | undefined> {
    return sizeOnDisk(this.path(bucket, key));
  }

  async *list(bucket: Bucket): AsyncGenerator<StoredBlob> {
    const folder = join(this.folder, bucket);
    for (const part of await namesIn(folder)) {
      for (const key of await namesIn(join(folder, part))) {
        // One that was removed meanwhile is none.
        const found = await stat(join(folder, part, key)).catch(() => undefined);
        if (found) yield { key, size: found.size, at: found.mtime };
      }
    }
  }

  async probe(): Promise<StoreAbilities> {
    const key = `probe-${randomUUID()}`;
    await this.put('files', key, Buffer.from(key));
    await this.remove('files', key);
    const store = `folder ${this.folder}`;
    return { store, multipart: true, range: true, versioning: false, objectLock: 'none' };
  }

  private draft(name: string): string {
    return join(this.folder, 'drafts', name);
  }

  /** Keys are made by us, from ids; the last two characters spread them over folders. */
  private path(bucket: Bucket, key: string): string {
    return join(this.folder, bucket, key.slice(-2), key.replaceAll('/', '_'));
  }

  private async place(draft: string, bucket: Bucket, key: string): Promise<void> {
    const path = this.path(bucket, key);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await rename(draft, path);
    const folder = await open(dirname(path), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}

/** Nothing where there is no such folder: it is made with the first object in it. */
const namesIn = (folder: string): Promise<string[]> =>
  readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });

const sizeOnDisk = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ size }) => size,
    () => undefined,
  );

async function writeDurably(path: string, content: Buffer): Promise<void> {
  const handle = await open(path, 'w', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
