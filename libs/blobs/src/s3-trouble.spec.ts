import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, freePort, MinioServer, TroubledProxy, type Trouble } from '#testing';
import { BlobMissing, PartsLost, type BlobPart } from './blob-store.js';
import { S3BlobStore } from './s3-blob-store.js';
import { sealBytes, sealedRange } from './sealed-bytes.js';

const MiB = 1024 * 1024;
const errorBody = '<Error><Code>InternalError</Code><Message>We encountered an error</Message></Error>';
const isPart = (method: string, path: string) => method === 'PUT' && path.includes('partNumber');
const isCompletion = (method: string, path: string) => method === 'POST' && path.includes('uploadId');
const isRead = (method: string, path: string) => method === 'GET' && !path.includes('?');

(MinioServer.isAtHand ? describe : describe.skip)('with an S3 server in trouble, a blob', () => {
  let server: MinioServer;
  let proxy: TroubledProxy;
  let store: S3BlobStore;
  const key = randomBytes(32);
  const plain = [randomBytes(8 * MiB), randomBytes(MiB)];
  const sealed = [sealBytes(key, 0, plain[0]!), sealBytes(key, 8 * MiB, plain[1]!)];

  beforeAll(async () => {
    server = new MinioServer(await freePort());
    await server.start();
    proxy = new TroubledProxy(server.port);
    await proxy.listen();
    store = new S3BlobStore({
      endpoint: `http://127.0.0.1:${proxy.port}`,
      accessKey: server.accessKey,
      secretKey: server.secretKey,
      region: 'us-east-1',
      bucketPrefix: 'trouble',
    });
    await store.prepare();
  }, 60_000);
  afterAll(async () => {
    await proxy?.close();
    await server?.close();
  });

  const isThere = async (name: string) => {
    const stream = await store.read('files', name, 0, 1).catch((error: unknown) => {
      if (error instanceof BlobMissing) return undefined;
      throw error;
    });
    stream?.destroy();
    return stream !== undefined;
  };

  const putParts = async (name: string, upload: string): Promise<BlobPart[]> => {
    const parts: BlobPart[] = [];
    for (const [i, content] of sealed.entries()) {
      const tag = await store.putPart('files', name, upload, i + 1, content);
      parts.push({ number: i + 1, tag, size: content.length });
    }
    return parts;
  };

  const opened = async (name: string): Promise<Buffer> => {
    const range = sealedRange(9 * MiB, 0, 9 * MiB - 1);
    return buffer(range.open(key, await store.read('files', name, range.offset, range.length)));
  };

  it.each<[string, Trouble]>([
    ['is cut at byte 1', { cutRequestAt: 1 }],
    ['is cut in the middle', { cutRequestAt: 4 * MiB }],
    ['is answered 503', { status: 503, body: errorBody }],
    ['is answered 200 without a tag', { status: 200, body: '' }],
  ])(
    'of which a part %s is refused, not half there, and whole when the part is sent again',
    async (what, trouble) => {
      const name = `part ${what}`.replaceAll(' ', '-');
      const upload = await store.begin('files', name);
      proxy.next(isPart, trouble);
      await expect(store.putPart('files', name, upload, 1, sealed[0]!)).rejects.toThrow();
      expect(proxy.isDone).toBe(true);
      expect(await isThere(name)).toBe(false);
      await store.complete('files', name, upload, await putParts(name, upload));
      expect(Buffer.compare(await opened(name), Buffer.concat(plain))).toBe(0);
    },
    60_000,
  );

  it('of which a part gets the tag of other bytes is never completed, and whole when it is uploaded anew', async () => {
    const upload = await store.begin('files', 'other-tag');
    proxy.next(isPart, { header: ['etag', `"${'0'.repeat(32)}"`] });
    const completing = store.complete('files', 'other-tag', upload, await putParts('other-tag', upload));
    await expect(completing).rejects.toThrow(PartsLost);
    expect(proxy.isDone).toBe(true);
    expect(await isThere('other-tag')).toBe(false);
    const again = await store.begin('files', 'other-tag');
    await store.complete('files', 'other-tag', again, await putParts('other-tag', again));
    expect(Buffer.compare(await opened('other-tag'), Buffer.concat(plain))).toBe(0);
  }, 60_000);

  it('of which other bytes of a part arrive is refused', async () => {
    const upload = await store.begin('files', 'other-bytes');
    proxy.next(isPart, { otherRequestBytes: true });
    await expect(store.putPart('files', 'other-bytes', upload, 1, sealed[0]!)).rejects.toThrow();
    expect(proxy.isDone).toBe(true);
    await store.abort('files', 'other-bytes', upload);
  }, 60_000);

  it.each<[string, Trouble]>([
    ['is answered 503', { status: 503, body: errorBody }],
    ['is answered 200 with an error', { status: 200, body: errorBody }],
    ['is answered 200 with nothing', { status: 200, body: '' }],
  ])(
    'whose completion %s is not there, and whole when it is completed again',
    async (what, trouble) => {
      const name = `completion ${what}`.replaceAll(' ', '-');
      const upload = await store.begin('files', name);
      const parts = await putParts(name, upload);
      proxy.next(isCompletion, trouble);
      await expect(store.complete('files', name, upload, parts)).rejects.toThrow();
      expect(await isThere(name)).toBe(false);
      await store.complete('files', name, upload, parts);
      expect(Buffer.compare(await opened(name), Buffer.concat(plain))).toBe(0);
    },
    60_000,
  );

  it('whose completion was done and answered with an error is found to be there', async () => {
    const upload = await store.begin('files', 'done');
    const parts = await putParts('done', upload);
    proxy.next(isCompletion, { afterwards: { status: 200, body: errorBody } });
    await store.complete('files', 'done', upload, parts);
    await store.complete('files', 'done', upload, parts);
    expect(Buffer.compare(await opened('done'), Buffer.concat(plain))).toBe(0);
  }, 60_000);

  it.each<[string, Trouble]>([
    ['cut at byte 1', { cutRequestAt: 1 }],
    ['not answered to the end', { cutAnswerAt: 1 }],
  ])(
    'whose completion was %s is there whole, or not at all and is uploaded anew',
    async (what, trouble) => {
      const name = `completion ${what}`.replaceAll(' ', '-');
      const upload = await store.begin('files', name);
      const parts = await putParts(name, upload);
      proxy.next(isCompletion, trouble);
      // The server may still be at work on what it was asked, and refuse meanwhile.
      const outcome = await eventually('it is known what became of it', () =>
        store.complete('files', name, upload, parts).then(
          () => 'whole',
          (error: unknown) => (error instanceof PartsLost ? 'lost' : undefined),
        ),
      );
      expect(proxy.isDone).toBe(true);
      if (outcome === 'lost') {
        const again = await store.begin('files', name);
        await store.complete('files', name, again, await putParts(name, again));
      }
      expect(Buffer.compare(await opened(name), Buffer.concat(plain))).toBe(0);
    },
    60_000,
  );

  it.each<[string, Trouble]>([
    ['is cut at byte 100,000', { cutAnswerAt: 100_000 }],
    ['has other bytes', { otherBytes: true }],
    ['is 503', { status: 503, body: errorBody }],
    ['is 200 with an error in place of the bytes', { status: 200, body: errorBody }],
  ])(
    'of which the answer %s is never read as something else',
    async (what, trouble) => {
      const name = `read ${what}`.replaceAll(/[ ,]/g, '-');
      const upload = await store.begin('files', name);
      await store.complete('files', name, upload, await putParts(name, upload));
      proxy.next(isRead, trouble);
      await expect(opened(name)).rejects.toThrow();
      expect(Buffer.compare(await opened(name), Buffer.concat(plain))).toBe(0);
    },
    60_000,
  );

  it('is refused while the server is dead, and goes on where it was when it lives again', async () => {
    const upload = await store.begin('files', 'killed');
    const first = await store.putPart('files', 'killed', upload, 1, sealed[0]!);
    await server.end();
    await expect(store.putPart('files', 'killed', upload, 2, sealed[1]!)).rejects.toThrow();
    await server.start();
    expect(await isThere('killed')).toBe(false);
    const second = await store.putPart('files', 'killed', upload, 2, sealed[1]!);
    await store.complete('files', 'killed', upload, [
      { number: 1, tag: first, size: sealed[0]!.length },
      { number: 2, tag: second, size: sealed[1]!.length },
    ]);
    expect(Buffer.compare(await opened('killed'), Buffer.concat(plain))).toBe(0);
  }, 60_000);
});
