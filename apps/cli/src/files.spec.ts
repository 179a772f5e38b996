import { execFile } from 'node:child_process';
import { readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { programOf } from '#platform';
import { World, type Employee } from '#testing';

describe('the upkeep of files', () => {
  let world: World;
  let alice: Employee;
  let chat: string;

  const run = (...words: string[]): Promise<{ said: string; code: number }> =>
    new Promise((resolve) => {
      const env = { CHANCERY_DATA: world.data, DATABASE_URL: world.database!.url };
      const child = execFile(
        process.execPath,
        [programOf('cli'), 'files', ...words],
        { env },
        (_error, out, err) => resolve({ said: out + err, code: child.exitCode ?? -1 }),
      );
    });
  const upload = (text: string) => alice.client.upload(Buffer.from(text), { name: 'a.txt' });
  const sent = async (text: string): Promise<string> => {
    const fileId = await upload(text);
    await alice.client.deliver(chat, { type: 'file', fileId });
    return fileId;
  };
  const objectOf = (fileId: string) => join(world.data, 'blobs', 'files', fileId.slice(-2), `file-${fileId}`);

  beforeAll(async () => {
    world = await World.start();
    const [first, second] = (await world.signIn(2)) as [Employee, Employee];
    alice = first;
    chat = await alice.opensDirect(second);
  }, 90_000);
  afterAll(() => world?.stop(), 30_000);

  it('finds that database and store agree', async () => {
    await sent('right');
    expect(await run('check')).toMatchObject({ code: 0, said: expect.stringContaining('0 files without') });
  });

  it('finds objects that are missing, cut short, or nobody’s', async () => {
    const [missing, short] = [await sent('missing'), await sent('too short')];
    await rm(objectOf(missing));
    await truncate(objectOf(short), 3);
    const nobodys = objectOf(`${crypto.randomUUID().slice(0, -2)}${short.slice(-2)}`);
    const photo = join(dirname(nobodys), 'photo-of-somebody');
    for (const path of [nobodys, photo]) {
      await writeFile(path, 'x');
      await utimes(path, new Date(0), new Date(0));
    }
    const { said, code } = await run('check');
    expect(code).toBe(1);
    expect(said).toContain(`missing  file-${missing}`);
    expect(said).toContain(`wrong size  file-${short}  3 bytes`);
    expect(said).toContain('1 files without their object, 1 of a wrong size, 1 objects without a file');
    expect((await run('tidy', '--apply')).said).toContain('orphan  file-');
    const left = await readdir(dirname(nobodys));
    expect(left).toEqual(expect.arrayContaining([`file-${short}`, 'photo-of-somebody']));
    expect(left).not.toContain(basename(nobodys));
  });

  it('shows files that were never sent before it removes them, and keeps what a message refers to', async () => {
    const [unsent, kept] = [await upload('never sent'), await sent('sent')];
    await world.database!.query(`update files.file set created_at = now() - interval '40 days'`);
    const plan = await run('tidy');
    expect(plan.said).toContain(`never sent  ${unsent}`);
    expect(plan.said).not.toContain(kept);
    expect(plan.said).toContain('nothing was removed');
    expect(await alice.client.call('file', { params: { fileId: unsent } })).toMatchObject({ state: 'ready' });
    expect((await run('tidy', '--apply')).said).toContain('1 in all');
    const call = alice.client.call('file', { params: { fileId: unsent } });
    await expect(call).rejects.toMatchObject({ code: 'file.not_found' });
    expect(await alice.client.call('file', { params: { fileId: kept } })).toMatchObject({ state: 'ready' });
    const auditor = await world.administrator('audit-admin');
    const { items } = await auditor.call('trail', { query: { action: 'file.collected' } });
    expect(items.map(({ objectId }) => objectId)).toEqual([unsent]);
  });
});
