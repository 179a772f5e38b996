import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BlobsModule } from '#blobs';
import type { DirectorySourceSettings } from '#contracts';
import {
  eventually,
  makeMigratedDatabase,
  openModules,
  ScriptedDirectory,
  scriptedAccount,
  scriptedBase,
  type MigratedDatabase,
  type ScriptedController,
} from '#testing';
import { DirectoryAdminModule, DirectoryJobsModule } from '../directory.module.js';
import { Lookout } from './lookout.service.js';
import { SyncRuns } from './sync-runs.service.js';
import { DirectorySync } from './sync.service.js';

const peopleCount = 60;
const kinds = ['openldap', 'active-directory'] as const;
const controllerOf = (): ScriptedController => ({ invocationId: Buffer.alloc(16, 1), showsDeleted: true });

describe.each(kinds)('a look at what has changed (%s)', (kind) => {
  const isActiveDirectory = kind === 'active-directory';
  let migrated: MigratedDatabase;
  let folder: string;
  let directory: ScriptedDirectory;
  let app: INestApplicationContext;
  let sourceId: string;
  let office: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chancery-looks-'));
    directory = new ScriptedDirectory(isActiveDirectory ? controllerOf() : undefined);
    await directory.start();
    migrated = await makeMigratedDatabase();
    const settings = {
      CHANCERY_DATA: folder,
      DATABASE_URL: migrated.raw.url,
      DATABASE_POOL: '16',
      LDAP_URL: `ldap://127.0.0.1:${directory.port}`,
      LDAP_BIND_DN: scriptedAccount.dn,
      LDAP_BIND_PASSWORD: scriptedAccount.password,
      LDAP_BASE_DN: scriptedBase,
      LDAP_TIMEOUT_MS: '1000',
      LDAP_SYNC_SECONDS: '3600',
      LDAP_LOOK_SECONDS: '0',
    };
    fill();
    app = await openModules(settings, BlobsModule, DirectoryJobsModule, DirectoryAdminModule);
    const [source] = await migrated.raw.query<{ id: string }>(
      'select id from directory.source where origin is not null',
    );
    sourceId = source!.id;
  }, 60_000);
  afterAll(async () => {
    await app?.close();
    await directory?.end();
    await migrated?.drop();
    await rm(folder, { recursive: true, force: true });
  }, 30_000);

  beforeEach(async () => {
    directory.entries.clear();
    directory.fault = undefined;
    directory.password = scriptedAccount.password;
    if (directory.controller) Object.assign(directory.controller, controllerOf());
    fill();
    await migrated.raw.query(`truncate directory.person, directory.post, directory.department,
      directory.sync_run, directory.sync_change, directory.reading`);
    await set({ kind });
    await full();
  }, 60_000);

  const fill = () => {
    office = directory.department('office');
    for (let n = 0; n < peopleCount; n += 1) person(`p${n}`);
  };
  const person = (uid: string) =>
    directory.person(uid, office, { mail: `${uid}@test`, userAccountControl: '512' });
  const set = (values: Partial<DirectorySourceSettings>) =>
    migrated.raw.query(`update directory.source set settings = settings || $1::jsonb where id = $2`, [
      JSON.stringify(values),
      sourceId,
    ]);
  const full = () => app.get(DirectorySync).run();
  const look = () => app.get(Lookout).look(sourceId);
  const runs = async () =>
    (await app.get(SyncRuns).list({ limit: 50 })).items.map(({ kind: of, state, counts, failure }) => ({
      kind: of,
      state,
      failure,
      added: counts.peopleAdded,
      changed: counts.peopleChanged,
      disabled: counts.peopleDisabled,
    }));
  const kindsOfRuns = async () => (await runs()).map((run) => run.kind);
  const reading = async () => {
    const [row] = await migrated.raw.query<{ server: string; mark: string; fault: string | null }>(
      'select server, mark, fault from directory.reading',
    );
    return row!;
  };
  const people = () =>
    migrated.raw.query<{ id: string; username: string; email: string | null; active: boolean }>(
      'select id, username, email, active from directory.person order by username',
    );
  const one = async (username: string) => (await people()).filter((row) => row.username === username);
  const dnOf = (uid: string) => `uid=${uid},${office}`;
  const disabled = isActiveDirectory
    ? { userAccountControl: '514' }
    : { pwdAccountLockedTime: '000001010000Z' };

  it('leaves nothing behind where nothing has changed', async () => {
    await look();
    const before = await people();
    await look();
    await look();
    expect(await kindsOfRuns()).toEqual(['full']);
    expect(await people()).toEqual(before);
    const [row] = await migrated.raw.query<{ looked: boolean }>(
      'select looked_at is not null as looked from directory.reading',
    );
    expect(row?.looked).toBe(true);
  });

  it('takes over who is new, changed, moved or disabled, and nobody else', async () => {
    await look();
    const [seventh] = await one('p7');
    directory.change(dnOf('p1'), { mail: 'other@test' });
    directory.change(dnOf('p2'), disabled);
    directory.change(dnOf('p7'), { uid: 'renamed', cn: 'Renamed' });
    directory.move(dnOf('p7'), `uid=renamed,${office}`);
    person('new');
    await look();
    const [run] = await runs();
    expect(run).toEqual({
      kind: 'incremental',
      state: 'done',
      failure: null,
      added: 1,
      changed: 2,
      disabled: 1,
    });
    expect(await one('p1')).toMatchObject([{ email: 'other@test' }]);
    expect(await one('p2')).toMatchObject([{ active: false }]);
    expect(await one('renamed')).toMatchObject([{ id: seventh!.id }]);
    // And a complete run finds the same.
    const after = await people();
    await full();
    expect((await runs())[0]).toMatchObject({ kind: 'full', added: 0, changed: 0, disabled: 0 });
    expect(await people()).toEqual(after);
  });

  it.each([true, false])(
    'sees who was deleted, and takes them back as the same person (tombstones shown: %s)',
    async (showsDeleted) => {
      if (directory.controller) directory.controller.showsDeleted = showsDeleted;
      const entry = directory.entries.get(dnOf('p3').toLowerCase())!;
      const [before] = await one('p3');
      directory.remove(dnOf('p3'));
      await look();
      expect((await runs())[0]).toMatchObject({ kind: 'incremental', disabled: 1 });
      expect(await one('p3')).toEqual([{ ...before, active: false }]);
      directory.restore(entry);
      await look();
      expect(await one('p3')).toEqual([before]);
    },
  );

  it('keeps superiors, and cuts a line that leads back to itself as a complete run does', async () => {
    directory.change(dnOf('p1'), { manager: dnOf('p2') });
    directory.change(dnOf('p2'), { manager: dnOf('p3') });
    await look();
    const managers = () =>
      migrated.raw.query(
        `select person.username, manager.username as manager from directory.person
           join directory.person manager on manager.id = person.manager_id order by 1`,
      );
    expect(await managers()).toEqual([
      { username: 'p1', manager: 'p2' },
      { username: 'p2', manager: 'p3' },
    ]);
    directory.change(dnOf('p3'), { manager: dnOf('p1') });
    await look();
    const cut = await managers();
    expect(cut).toHaveLength(2);
    await full();
    expect(await managers()).toEqual(cut);
  });

  it('reads everything when a department was changed', async () => {
    await look();
    directory.change(office, { ou: 'bureau' });
    await look();
    expect((await runs())[0]).toMatchObject({ kind: 'full', state: 'done' });
    const names = await migrated.raw.query('select name from directory.department');
    expect(names).toEqual([{ name: 'bureau' }]);
    await look();
    expect((await kindsOfRuns()).filter((of) => of === 'full')).toHaveLength(2);
  });

  it.each([
    ['is away', () => directory.end()],
    ['does not take the password any more', () => (directory.password = 'another')],
    ['goes away in the middle', () => (directory.fault = { after: 20, play: 'gone' })],
    ['ends with a size limit', () => (directory.fault = { after: 20, play: 'size limit' })],
    [
      'delivers half of the people as if they were all',
      () => (directory.fault = { after: 20, play: 'half' }),
    ],
    ['delivers nobody as if there were none', () => (directory.fault = { after: 0, play: 'half' })],
  ])(
    'moves nothing when the directory %s, and takes over everything later',
    async (_what, spoil) => {
      const [before, place] = [await people(), await reading()];
      directory.change(dnOf('p40'), { mail: 'other@test' });
      await spoil();
      await look();
      expect(await people()).toEqual(before);
      expect(await reading()).toMatchObject({ server: place.server, mark: place.mark });
      expect((await reading()).fault).toMatch(/\w/);
      expect(await kindsOfRuns()).toEqual(['full']);
      directory.fault = undefined;
      directory.password = scriptedAccount.password;
      if (_what === 'is away') await directory.start();
      await look();
      expect(await one('p40')).toMatchObject([{ email: 'other@test' }]);
      expect((await reading()).fault).toBeNull();
    },
    30_000,
  );

  it('leaves it to a complete run when a guard stops what has changed, and waits with it', async () => {
    for (let n = 10; n < 20; n += 1) directory.change(dnOf(`p${n}`), disabled);
    const before = await people();
    await look();
    expect((await runs())[0]).toMatchObject({ kind: 'full', state: 'waiting', disabled: 10 });
    expect(await people()).toEqual(before);
    await app.get(Lookout).lookAtDue();
    expect(await kindsOfRuns()).toEqual(['full', 'full']);
  });

  it('reads everything with other settings', async () => {
    await set({ protectedUsernames: ['p1'] });
    await look();
    expect(await kindsOfRuns()).toEqual(['full', 'full']);
  });

  if (!isActiveDirectory) return;

  it.each([
    ['another controller answers', () => (directory.controller!.invocationId = Buffer.alloc(16, 2))],
    ['the controller was put back to an earlier state', () => (directory.usn = 1_000_001)],
  ])('reads everything when %s', async (_what, change) => {
    directory.change(dnOf('p5'), { mail: 'other@test' });
    change();
    await look();
    expect((await runs())[0]).toMatchObject({ kind: 'full', changed: 1 });
    expect(await one('p5')).toMatchObject([{ email: 'other@test' }]);
  });

  it('disables who has expired, though no entry has changed, and nobody who is locked for a while', async () => {
    const fileTime = (ms: number) => String(BigInt(ms + 11_644_473_600_000) * 10_000n);
    directory.change(dnOf('p6'), { accountExpires: fileTime(Date.now() + 1500) });
    directory.change(dnOf('p8'), { lockoutTime: fileTime(Date.now()) });
    await look();
    expect((await people()).every(({ active }) => active)).toBe(true);
    await eventually('the account has expired', async () => {
      await look();
      return (await people()).some(({ active }) => !active);
    });
    expect((await people()).filter(({ active }) => !active)).toMatchObject([{ username: 'p6' }]);
  });
});
