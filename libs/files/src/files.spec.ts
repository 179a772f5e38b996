import { createHash, randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import type { Http } from '#client';
import { apiBase, limits, type AuditEntry } from '#contracts';
import { ClamdServer, eicar, eventually, freePort, World, type Employee } from '#testing';

const MiB = 1024 * 1024;

/** Bare requests of somebody, as a program without the SDK makes them. */
const as = (employee: Employee, address: string) => {
  const ask = async (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
    fetch(path.startsWith('/api') ? `${address}${path}` : `${address}${apiBase}${path}`, {
      ...init,
      headers: {
        authorization: `Bearer ${await employee.client.session.token()}`,
        'tus-resumable': '1.0.0',
        ...init.headers,
      },
    });
  return {
    ask,
    content: (fileId: string, headers: Record<string, string> = {}, query = '') =>
      ask(`/files/${fileId}/content${query}`, { headers }),
    async begin(size: number, name = 'a.bin'): Promise<string> {
      const metadata = `filename ${Buffer.from(name).toString('base64')}`;
      const headers = { 'upload-length': String(size), 'upload-metadata': metadata };
      const answer = await ask('/files', { method: 'POST', headers });
      expect(answer.status).toBe(201);
      return answer.headers.get('location')!.split('/').at(-1)!;
    },
    append: (fileId: string, offset: number, body: Uint8Array<ArrayBuffer>) =>
      ask(`/files/${fileId}`, {
        method: 'PATCH',
        body,
        headers: { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
      }),
    async offset(fileId: string): Promise<number> {
      return Number((await ask(`/files/${fileId}`, { method: 'HEAD' })).headers.get('upload-offset'));
    },
  };
};

/** The begin of an image that claims to have so many pixels. */
function pngHead(width: number, height: number): Buffer {
  const png = Buffer.alloc(45);
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(png);
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  return png;
}

const previewPath = (fileId: string, form: string): string => `/files/${fileId}/preview?form=${form}`;

const codeOf = async (answer: Response): Promise<string> =>
  ((await answer.json()) as { error: { code: string } }).error.code;

async function trailOf(auditor: Http, fileId: string): Promise<AuditEntry[]> {
  const { items } = await auditor.call('trail', { query: { limit: limits.page } });
  return items.filter(({ objectId }) => objectId === fileId);
}

describe('a file', () => {
  let world: World;
  let alice: Employee;
  let bob: Employee;
  let carol: Employee;
  let auditor: Http;
  let chat: string;
  const by = (employee: Employee) => as(employee, world.address);

  beforeAll(async () => {
    world = await World.start({
      settings: {
        FILE_TYPES_REFUSED: 'video/*, application/x-elf',
        FILE_BYTES_PER_PERSON: String(200 * MiB),
      },
    });
    [alice, bob, carol] = (await world.signIn(3)) as [Employee, Employee, Employee];
    auditor = await world.administrator('audit-admin');
    chat = await alice.opensDirect(bob);
  }, 90_000);
  afterAll(() => world?.stop(), 30_000);

  /** What is answered once it is decided. */
  const previewOf = (who: Employee, fileId: string, form: string): Promise<Response> =>
    eventually('there is a preview, or none', async () => {
      const answer = await by(who).ask(previewPath(fileId, form));
      return answer.status === 409 ? undefined : answer;
    });
  const sent = async (content: Buffer, name: string): Promise<string> => {
    const fileId = await alice.client.upload(content, { name });
    await alice.client.deliver(chat, { type: 'file', fileId });
    return fileId;
  };

  it.each([
    ['<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'a.svg'],
    ['<html><script>alert(1)</script></html>', 'a.html'],
    ['<!doctype html><script>alert(1)</script>', 'a.png'],
  ])('of markup, %j named %s, is only ever saved', async (markup, name) => {
    const answer = await by(bob).content(await sent(Buffer.from(markup), name));
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment;/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-type')).not.toMatch(/html|svg/);
  });

  it('that is an image and markup at once is shown as the image, in a page that runs nothing', async () => {
    const polyglot = Buffer.concat([
      Buffer.from('GIF89a/*\x01\x00\x01\x00\x80\x00\x00', 'latin1'),
      Buffer.from('*/=1;<script>alert(1)</script>'),
    ]);
    const answer = await by(bob).content(await sent(polyglot, 'a.html'));
    expect(answer.headers.get('content-type')).toBe('image/gif');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toContain('sandbox');
  });

  it('that is a photograph has previews turned upright, of at most their size, without what the camera noted', async () => {
    const photo = await sharp({ create: { width: 800, height: 600, channels: 3, background: 'teal' } })
      .withExif({ IFD0: { Copyright: 'camera of somebody' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect(photo.includes('Exif')).toBe(true);
    const fileId = await sent(photo, 'photo.jpg');
    for (const [form, width, height] of [
      ['small', 360, 480],
      ['large', 600, 800],
    ] as const) {
      const answer = await previewOf(bob, fileId, form);
      expect(answer.headers.get('content-type')).toBe('image/webp');
      expect(answer.headers.get('content-security-policy')).toContain('sandbox');
      const image = Buffer.from(await answer.arrayBuffer());
      const { exif, ...seen } = await sharp(image).metadata();
      expect(seen).toMatchObject({ width, height });
      expect(exif).toBeUndefined();
      const known = { 'if-none-match': answer.headers.get('etag')! };
      expect((await by(bob).ask(previewPath(fileId, form), { headers: known })).status).toBe(304);
    }
    const stranger = await by(carol).ask(previewPath(fileId, 'small'));
    expect([stranger.status, await codeOf(stranger)]).toEqual([404, 'file.not_found']);
    const previewed = (await trailOf(auditor, fileId)).filter(({ action }) => action === 'file.previewed');
    expect(previewed.map(({ actorId }) => actorId)).toEqual([bob.id]);
  });

  it.each([
    ['markup', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
    ['a broken image', Buffer.concat([pngHead(100, 100), randomBytes(500)])],
    ['an image of 50,000 by 50,000 pixels', pngHead(50_000, 50_000)],
  ])('that is %s has no preview, and says so', async (_what, content) => {
    const answer = await previewOf(bob, await sent(content, 'a.png'), 'small');
    expect([answer.status, await codeOf(answer)]).toEqual([404, 'file.no_preview']);
  });

  it('that claims 50,000 by 50,000 pixels is measured and never opened', async () => {
    const png = pngHead(50_000, 50_000);
    const fileId = await sent(png, 'huge.png');
    const file = await bob.client.call('file', { params: { fileId } });
    expect(file).toMatchObject({ width: 50_000, height: 50_000 });
  });

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['a\0b.txt', 'ab.txt'],
    ['\u202egpj.exe', 'gpj.exe'],
    ['文'.repeat(85), '文'.repeat(85)],
    ['it\'s (1) "100%".txt', 'it\'s (1) "100%".txt'],
  ])('named %j is saved as %j', async (given, kept) => {
    const answer = await by(bob).content(await sent(Buffer.from('x'), given), {}, '?download=1');
    const [, encoded] = /filename\*=UTF-8''(.*)$/.exec(answer.headers.get('content-disposition')!)!;
    expect(decodeURIComponent(encoded!)).toBe(kept);
  });

  it('of no bytes at all goes up, is sent and comes down', async () => {
    const answer = await by(bob).content(await sent(Buffer.alloc(0), 'empty.txt'));
    expect(answer.status).toBe(200);
    expect((await answer.arrayBuffer()).byteLength).toBe(0);
  });

  it('is given in ranges, and not once more to somebody who has it', async () => {
    const content = randomBytes(300_000);
    const fileId = await sent(content, 'data.bin');
    const etag = `"${createHash('sha256').update(content).digest('hex')}"`;
    const range = { range: 'bytes=70000-199999' };
    const part = await by(bob).content(fileId, { ...range, 'if-range': etag });
    expect(part.status).toBe(206);
    expect(part.headers.get('etag')).toBe(etag);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(content.subarray(70_000, 200_000));
    expect((await by(bob).content(fileId, { ...range, 'if-range': '"other"' })).status).toBe(200);
    expect((await by(bob).content(fileId, { 'if-none-match': etag })).status).toBe(304);
    const beyond = await by(bob).content(fileId, { range: 'bytes=300000-' });
    expect([beyond.status, await codeOf(beyond)]).toEqual([416, 'file.range_invalid']);
  });

  it('stands in the trail when it is uploaded and each time somebody takes it, from whichever byte on', async () => {
    const fileId = await sent(Buffer.from('abcdef'), 'noted.txt');
    const seen = async () => (await trailOf(auditor, fileId)).map(({ action }) => action).toReversed();
    expect(await seen()).toEqual(['file.uploaded']);
    await (await by(bob).content(fileId, {}, '?download=1')).text();
    await (await by(bob).content(fileId, {}, '?download=1')).text();
    expect(await seen()).toEqual(['file.uploaded', 'file.downloaded', 'file.downloaded']);
    await (await by(alice).content(fileId, { range: 'bytes=3-' })).text();
    await (await by(alice).content(fileId, { range: 'bytes=4-' })).text();
    expect(await seen()).toHaveLength(4);
    const [last] = await trailOf(auditor, fileId);
    expect(last).toMatchObject({ actorId: alice.id, outcome: 'done' });
  });

  it('is found among those of its conversation, by kind and by name, by those who may read it', async () => {
    const group = await alice.createsGroup('collection', [bob]);
    for (const [content, name] of [
      [pngHead(10, 10), 'plan.png'],
      [Buffer.from('text'), 'Report 1.txt'],
      [Buffer.from('more text'), 'other.txt'],
    ] as const) {
      await alice.client.deliver(group, {
        type: 'file',
        fileId: await alice.client.upload(content, { name }),
      });
    }
    const named = async (query: {
      kind?: 'image' | 'other';
      name?: string;
      limit?: number;
      cursor?: string;
    }) => {
      const page = await bob.client.call('sentFiles', { query: { conversationId: group, ...query } });
      return { names: page.items.map(({ name }) => name), cursor: page.nextCursor };
    };
    expect((await named({})).names).toEqual(['other.txt', 'Report 1.txt', 'plan.png']);
    expect((await named({ kind: 'image' })).names).toEqual(['plan.png']);
    expect((await named({ kind: 'other', name: 'rePORT' })).names).toEqual(['Report 1.txt']);
    const { cursor } = await named({ limit: 2 });
    expect((await named({ limit: 2, cursor: cursor! })).names).toEqual(['plan.png']);
    const asked = carol.client.call('sentFiles', { query: { conversationId: group } });
    await expect(asked).rejects.toMatchObject({ code: 'conversation.not_a_member' });
  });

  it('answers somebody who left like a file that never was', async () => {
    const group = await alice.createsGroup('leavers', [bob]);
    const before = await alice.client.upload(Buffer.from('before'), { name: 'before.txt' });
    await alice.client.call('removeMember', { params: { conversationId: group, personId: bob.id } });
    await alice.client.deliver(group, { type: 'file', fileId: before });
    const [left, never] = [await by(bob).content(before), await by(bob).content(crypto.randomUUID())];
    expect([left.status, await left.json()]).toEqual([never.status, await never.json()]);
  });

  it('of a type that is not accepted is refused by its content, and nothing stays', async () => {
    const elf = Buffer.concat([Buffer.from('7f454c4602010100', 'hex'), Buffer.alloc(100)]);
    const fileId = await by(alice).begin(elf.length, 'letter.txt');
    const answer = await by(alice).append(fileId, 0, elf);
    expect([answer.status, await codeOf(answer)]).toEqual([415, 'file.type_refused']);
    expect((await by(alice).ask(`/files/${fileId}`, { method: 'HEAD' })).status).toBe(404);
  });

  it('for which its owner has no room is refused before a byte goes up', async () => {
    const headers = { 'upload-length': String(201 * MiB) };
    const answer = await by(bob).ask('/files', { method: 'POST', headers });
    expect([answer.status, await codeOf(answer)]).toEqual([413, 'file.quota_exceeded']);
  });

  it('goes on after its service was killed in the middle, and arrives with every byte', async () => {
    const content = randomBytes(20 * MiB);
    const fileId = await by(alice).begin(content.length);
    await by(alice).append(fileId, 0, content.subarray(0, 9 * MiB));
    expect(await by(alice).offset(fileId)).toBe(8 * MiB);
    await world.killAndRestart();
    const offset = await by(alice).offset(fileId);
    expect(offset).toBe(8 * MiB);
    expect((await by(alice).append(fileId, offset, content.subarray(offset))).status).toBe(204);
    const down = Buffer.from(await (await by(alice).content(fileId)).arrayBuffer());
    expect(Buffer.compare(down, content)).toBe(0);
  }, 60_000);

  it('of which the store has lost a part goes up anew, and arrives with every byte', async () => {
    const content = randomBytes(9 * MiB);
    const fileId = await by(alice).begin(content.length);
    await by(alice).append(fileId, 0, content.subarray(0, 8 * MiB));
    const drafts = join(world.data, 'blobs', 'drafts');
    for (const draft of await readdir(drafts)) await rm(join(drafts, draft, '1'), { force: true });
    const answer = await by(alice).append(fileId, 8 * MiB, content.subarray(8 * MiB));
    expect([answer.status, await codeOf(answer)]).toEqual([503, 'service.unavailable']);
    expect(await by(alice).offset(fileId)).toBe(0);
    expect((await by(alice).append(fileId, 0, content)).status).toBe(204);
    const down = Buffer.from(await (await by(alice).content(fileId)).arrayBuffer());
    expect(Buffer.compare(down, content)).toBe(0);
  }, 60_000);

  it('of which every byte was stored before a kill becomes ready when somebody asks how far it is', async () => {
    const content = randomBytes(MiB);
    const fileId = await by(alice).begin(content.length);
    await by(alice).append(fileId, 0, content);
    // As if the service had died between the last part and the end.
    await world.database!.query(
      `update files.file set state = 'uploading', upload_ref = gen_random_uuid()::text, sha256 = null where id = '${fileId}'`,
    );
    await world.database!.query(
      `insert into files.upload_part (file_id, number, size, tag) values ('${fileId}', 1, ${content.length}, 'x')`,
    );
    expect(await by(alice).offset(fileId)).toBe(content.length);
    const answer = await by(alice).content(fileId);
    expect(Buffer.compare(Buffer.from(await answer.arrayBuffer()), content)).toBe(0);
    const digest = createHash('sha256').update(content).digest('hex');
    expect(answer.headers.get('etag')).toBe(`"${digest}"`);
  });
});

(ClamdServer.isAtHand ? describe : describe.skip)('with a scanner, a file', () => {
  let world: World;
  let clamd: ClamdServer;
  let alice: Employee;
  let bob: Employee;
  let chat: string;
  const by = (employee: Employee) => as(employee, world.address);
  const scanOf = async (fileId: string) => (await alice.client.call('file', { params: { fileId } })).scan;
  const becomes = (fileId: string, scan: string) =>
    eventually(`the file is ${scan}`, async () => (await scanOf(fileId)) === scan, 30_000);
  const upload = (text: string) => alice.client.upload(Buffer.from(text), { name: 'report.txt' });

  beforeAll(async () => {
    clamd = new ClamdServer(await freePort());
    world = await World.start({ settings: { CLAMD_HOST: '127.0.0.1', CLAMD_PORT: String(clamd.port) } });
    [alice, bob] = (await world.signIn(2)) as [Employee, Employee];
    chat = await alice.opensDirect(bob);
  }, 90_000);
  afterAll(async () => {
    await world?.stop();
    await clamd?.close();
  }, 30_000);

  it('is held while the scanner is away, from its owner too, and given out once it is found clean', async () => {
    const fileId = await upload('harmless');
    await alice.client.deliver(chat, { type: 'file', fileId });
    for (const who of [alice, bob]) {
      for (const path of [`/files/${fileId}/content`, previewPath(fileId, 'small')]) {
        const answer = await by(who).ask(path);
        expect([answer.status, await codeOf(answer)]).toEqual([409, 'file.held']);
      }
    }
    expect(await scanOf(fileId)).toBe('pending');
    const image = { create: { width: 600, height: 400, channels: 3, background: 'teal' } } as const;
    const photo = await alice.client.upload(await sharp(image).png().toBuffer(), { name: 'a.png' });
    await clamd.start();
    await becomes(fileId, 'clean');
    expect(await (await by(bob).content(fileId)).text()).toBe('harmless');
    const hasPreview = async () => (await by(alice).ask(previewPath(photo, 'small'))).status === 200;
    await eventually('the image has a preview', hasPreview);
  }, 60_000);

  it('in which harm is found is given to nobody by any path, and its conversation is told', async () => {
    const fileId = await upload(eicar);
    await alice.client.deliver(chat, { type: 'file', fileId });
    await becomes(fileId, 'infected');
    for (const who of [alice, bob]) {
      for (const [headers, query] of [
        [{}, ''],
        [{}, '?download=1'],
        [{ range: 'bytes=10-' }, ''],
        [{ 'if-none-match': '*' }, ''],
      ] as const) {
        const answer = await by(who).content(fileId, headers, query);
        expect([answer.status, await codeOf(answer)]).toEqual([403, 'file.infected']);
      }
      const preview = await by(who).ask(previewPath(fileId, 'large'));
      expect([preview.status, await codeOf(preview)]).toEqual([403, 'file.infected']);
    }
    const told = ({ device }: Employee) =>
      device.log(chat).filter((event) => event.type === 'file.quarantined');
    for (const who of [alice, bob]) {
      await eventually('the conversation is told', () => told(who).length === 1);
      expect(told(who)[0]).toMatchObject({ fileId, actorKind: 'system' });
    }
    const again = alice.client.deliver(chat, { type: 'file', fileId });
    await expect(again).rejects.toMatchObject({ code: 'file.infected' });
    const [entry] = await trailOf(await world.administrator('audit-admin'), fileId);
    expect(entry).toMatchObject({ action: 'file.quarantined', actorKind: 'system' });
    const { items } = await (await world.administrator('security-admin')).call('quarantine', { query: {} });
    const finding = expect.stringContaining('Eicar-Test');
    expect(items).toEqual([
      expect.objectContaining({ fileId, ownerName: alice.account.displayName, finding, conversations: 1 }),
    ]);
  }, 60_000);

  it('that is too large for the scanner is held', async () => {
    const fileId = await alice.client.upload(Buffer.alloc(11 * MiB), { name: 'large.bin' });
    await becomes(fileId, 'too_large');
    expect(await codeOf(await by(alice).content(fileId))).toBe('file.held');
  }, 60_000);

  it('that was clean is looked at again with new signatures, and taken back', async () => {
    const fileId = await upload('a pattern nobody knew yesterday');
    await alice.client.deliver(chat, { type: 'file', fileId });
    await becomes(fileId, 'clean');
    expect((await by(bob).content(fileId)).status).toBe(200);
    await clamd.end();
    await clamd.learn('Yesterday', 'a pattern nobody knew');
    // An update gives the signatures another version; a file of our own has none to give.
    await world.database!.query(
      `update files.file set scanned_with = 'ClamAV older' where scanned_with is not null`,
    );
    await world.main.end();
    await clamd.start();
    await world.main.start();
    await becomes(fileId, 'infected');
    expect(await codeOf(await by(bob).content(fileId))).toBe('file.infected');
  }, 90_000);
});
