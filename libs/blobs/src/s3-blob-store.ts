import { createHash, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Client } from 'minio';
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
import { checksumOf, looksAtChecksums } from './s3-checksums.js';
import { connections } from './s3-connections.js';
import { probeS3 } from './s3-probe.js';

export interface S3Options {
  endpoint: string;
  accessKey: string;
  secretKey: string;
  region: string;
  bucketPrefix: string;
}

/** Objects of any S3 server: MinIO, Ceph, SeaweedFS and others. */
export class S3BlobStore extends BlobStore {
  private readonly client: Client;
  private tagsAreDigests = false;
  private looksAtChecksums = false;

  constructor(private readonly options: S3Options) {
    super();
    const { protocol, hostname, port } = new URL(options.endpoint);
    this.client = new Client({
      endPoint: hostname,
      useSSL: protocol === 'https:',
      ...(port && { port: Number(port) }),
      accessKey: options.accessKey,
      secretKey: options.secretKey,
      region: options.region,
      transportAgent: connections(protocol === 'https:'),
      // The library announces its retries on the terminal; callers of ours know better when to try again.
      retryOptions: { disableRetry: true },
    });
    // What is stored is sealed and checked by whoever opens it, and parts have checksums: signing each by a digest of
    // its own besides, as the library does without TLS, would cost more than all the rest.
    this.client.enableSHA256 = false;
  }

  async prepare(): Promise<void> {
    for (const bucket of ['files', 'records'] as const) {
      if (await this.client.bucketExists(this.name(bucket))) continue;
      await this.client.makeBucket(this.name(bucket), this.options.region);
      if (bucket === 'records') {
        // A server without versions refuses; the records are then kept by name only.
        await this.client.setBucketVersioning(this.name(bucket), { Status: 'Enabled' }).catch(() => {});
      }
    }
    await this.seeTags();
    this.looksAtChecksums = await looksAtChecksums(this.client, this.name('files'));
  }

  async put(bucket: Bucket, key: string, content: Buffer): Promise<void> {
    await this.client.putObject(this.name(bucket), key, content, content.length);
  }

  begin(bucket: Bucket, key: string): Promise<string> {
    return this.client.initiateNewMultipartUpload(this.name(bucket), key, {
      'content-type': 'application/octet-stream',
    });
  }

  async putPart(
    bucket: Bucket,
    key: string,
    upload: string,
    number: number,
    content: Buffer,
  ): Promise<string> {
    const part = { bucketName: this.name(bucket), objectName: key, uploadID: upload, partNumber: number };
    const headers = this.looksAtChecksums ? checksumOf(content) : {};
    const { etag } = await this.client.uploadPart({ ...part, headers }, content);
    if (!etag) throw new BlobDamaged('the store took a part and gave no tag for it');
    // Where nobody has looked at the bytes on their way.
    if (!this.looksAtChecksums && this.tagsAreDigests && etag !== md5(content))
      throw new BlobDamaged('the store has other bytes of a part');
    return etag;
  }

  async complete(bucket: Bucket, key: string, upload: string, parts: BlobPart[]): Promise<void> {
    const tags = parts.map(({ number, tag }) => ({ part: number, etag: tag }));
    const size = sizeOf(parts);
    try {
      await this.client.completeMultipartUpload(this.name(bucket), key, upload, tags);
    } catch (error) {
      // It may have been done before, or now and only the answer was lost.
      if ((await this.size(bucket, key)) === size) return;
      // A server whose completion was broken off may have used parts up for it.
      if (isMissing(error) || codeOf(error) === 'InvalidPart') {
        throw new PartsLost(`${bucket}/${key}`, { cause: error });
      }
      throw asError(error);
    }
    const found = await this.size(bucket, key);
    if (found !== size) throw new BlobDamaged(`the store has ${found ?? 'no'} bytes of ${size}`);
  }

  async abort(bucket: Bucket, key: string, upload: string): Promise<void> {
    await this.client.abortMultipartUpload(this.name(bucket), key, upload).catch(unlessMissing);
  }

  read(bucket: Bucket, key: string, offset: number, length: number): Promise<Readable> {
    return this.client.getPartialObject(this.name(bucket), key, offset, length).catch((error: unknown) => {
      throw isMissing(error) ? new BlobMissing(`${bucket}/${key}`) : error;
    });
  }

  async remove(bucket: Bucket, key: string): Promise<void> {
    await this.client.removeObject(this.name(bucket), key).catch(unlessMissing);
  }

  async probe(): Promise<StoreAbilities> {
    const { endpoint } = this.options;
    return { store: `S3 at ${endpoint}`, ...(await probeS3(this, this.client, this.name('files'))) };
  }

  async *list(bucket: Bucket): AsyncGenerator<StoredBlob> {
    for await (const item of this.client.listObjectsV2(this.name(bucket), '', true)) {
      const { name, size, lastModified } = item as { name: string; size: number; lastModified: Date };
      yield { key: name, size, at: lastModified };
    }
  }

  async size(bucket: Bucket, key: string): Promise<number | undefined> {
    try {
      return (await this.client.statObject(this.name(bucket), key)).size;
    } catch (error) {
      unlessMissing(error);
      return undefined;
    }
  }

  /** Whether tags of parts are MD5 digests, as they are unless the server encrypts by keys of its own. */
  private async seeTags(): Promise<void> {
    const key = `probe-${randomUUID()}`;
    const content = Buffer.from(key);
    const { etag } = await this.client.putObject(this.name('files'), key, content, content.length);
    this.tagsAreDigests = etag === md5(content);
    await this.client.removeObject(this.name('files'), key);
  }

  private name(bucket: Bucket): string {
    return `${this.options.bucketPrefix}-${bucket}`;
  }
}

const md5 = (content: Buffer): string => createHash('md5').update(content).digest('hex');

/** The library throws what an answer says as a bare object. */
const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(`the store refuses: ${JSON.stringify(thrown)}`);

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

function isMissing(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'NoSuchKey' || code === 'NotFound' || code === 'NoSuchUpload';
}

function unlessMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}
