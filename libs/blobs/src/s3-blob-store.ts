import type { Readable } from 'node:stream';
import { Client } from 'minio';
import { BlobMissing, BlobStore, type BlobPart, type Bucket } from './blob-store.js';

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
      // The library announces its retries on the terminal; callers of ours know better when to try again.
      retryOptions: { disableRetry: true },
    });
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
    const { etag } = await this.client.uploadPart({ ...part, headers: {} }, content);
    return etag;
  }

  async complete(bucket: Bucket, key: string, upload: string, parts: BlobPart[]): Promise<void> {
    const tags = parts.map(({ number, tag }) => ({ part: number, etag: tag }));
    await this.client.completeMultipartUpload(this.name(bucket), key, upload, tags);
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

  private name(bucket: Bucket): string {
    return `${this.options.bucketPrefix}-${bucket}`;
  }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'NoSuchKey' || code === 'NotFound' || code === 'NoSuchUpload';
}

function unlessMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}
