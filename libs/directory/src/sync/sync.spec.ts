import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BlobsModule } from '#blobs';
import { newId, type AdministratorRole, type SyncRun } from '#contracts';
import { Approvals } from '#governance';
import type { AdministratorPrincipal } from '#platform';
import {
  eventually,
  makeMigratedDatabase,
  openModules,
  ScriptedDirectory,
  scriptedAccount,
  scriptedBase,
  type MigratedDatabase,
} from '#testing';
import { DirectoryAdminModule, DirectoryJobsModule } from '../directory.module.js';
import { ChangesStore } from './changes.store.js';
import { Planner } from './planner.service.js';
import { RunsStore } from './runs.store.js';
import { DirectorySync } from './sync.service.js';
import { Plans } from './plans.service.js';
import { SyncRuns } from './sync-runs.service.js';

const administrator = (role: AdministratorRole): AdministratorPrincipal => ({
  kind: 'administrator',
  id: newId(),
  role,
  name: role,
  username: role,
  sessionId: newId(),
  address: null,
});
const system = administrator('system-admin');
const security = administrator('security-admin');

interface Row {
  id: string;
  username: string;
  active: boolean;
}

const peopleCount = 200;

describe('synchronising with a directory', () => {
  let migrated: MigratedDatabase;
  let folder: string;
  let directory: ScriptedDirectory;
  let app: INestApplicationContext;
  let office: string;
  let entriesBefore: number;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chancery-sync-'));
    directory = new ScriptedDirectory();
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
    fill();
    await migrated.raw.query(`truncate directory.person, directory.post, directory.department,
      directory.sync_run, directory.sync_change`);
    await migrated.raw.query(`update directory.source set state = 'active'`);
    await app.get(DirectorySync).run();
    const [last] = await migrated.raw.query<{ pos: number }>('select max(pos)::int as pos from audit.entry');
    entriesBefore = last!.pos;
  }, 60_000);

  const fill = () => {
    office = directory.department('office');
    const registry = directory.department('registry', office);
    for (let n = 0; n < peopleCount; n += 1) {
      directory.person(`p${n}`, n < 150 ? office : registry, { mail: `p${n}@test` });
    }
  };
  const run = async (kind: 'full' | 'dry' = 'full'): Promise<SyncRun> => {
    await app.get(DirectorySync).run(kind);
    return latest();
  };
  const latest = async () => (await app.get(SyncRuns).list({ limit: 1 })).items[0]!;
  const people = () =>
    migrated.raw.query<Row>('select id, username, active from directory.person order by username');
  /** Everything that a synchronisation may change. */
  const everything = async () => ({
    people: await migrated.raw.query('select * from directory.person order by id'),
    posts: await migrated.raw.query('select * from directory.post order by person_id, position'),
    departments: await migrated.raw.query('select * from directory.department order by id'),
    versions: await migrated.raw.query('select count(*) from directory.person_version'),
  });
  const dnOf = (uid: string) =>
    [...directory.entries.values()].find(({ dn }) => dn.startsWith(`uid=${uid},`))!.dn;
  const loseInRegistry = (count: number) => {
    for (let n = 150; n < 150 + count; n += 1) directory.remove(dnOf(`p${n}`));
  };

  it('takes everybody over at the start, and changes nothing when nothing changed', async () => {
    expect(await latest()).toMatchObject({ state: 'done', counts: { peopleAdded: peopleCount } });
    const before = await everything();
    expect(await run()).toMatchObject({ state: 'done', changeCount: 0 });
    expect(await everything()).toEqual(before);
  });

  it('compares nobody where every entry says what it said, and else those who say something else', async () => {
    const held = jest.spyOn(app.get(RunsStore, { strict: false }), 'current');
    const planner = app.get<{ planWhole(): unknown }>(Planner, { strict: false });
    const compared = jest.spyOn(planner, 'planWhole');
    expect(await run()).toMatchObject({ state: 'done', changeCount: 0, counts: { peopleRead: peopleCount } });
    expect(held).not.toHaveBeenCalled();
    directory.change(dnOf('p3'), { mail: 'new@test' });
    directory.change(dnOf('p4'), { title: 'head' });
    expect(await run()).toMatchObject({ state: 'done', changeCount: 2, counts: { peopleRead: peopleCount } });
    expect(compared).not.toHaveBeenCalled();
    const changed = await everything();
    // Compared as a whole, they are the same.
    await migrated.raw.query(`update directory.sync_run set change_count = 0`);
    expect(await run()).toMatchObject({ state: 'done', changeCount: 0 });
    expect(compared).toHaveBeenCalledTimes(1);
    expect(await everything()).toEqual(changed);
    held.mockRestore();
    compared.mockRestore();
  });

  it('finds what follows for others from an entry that has changed', async () => {
    const managerOf = async (username: string) => {
      const [row] = await migrated.raw.query<{ manager: string | null }>(
        `select m.username as manager from directory.person p left join directory.person m on m.id = p.manager_id
          where p.username = $1`,
        [username],
      );
      return row!.manager;
    };
    directory.change(dnOf('p1'), { manager: `uid=late,${office}` });
    directory.change(dnOf('p2'), { manager: dnOf('p3') });
    expect(await run()).toMatchObject({ changeCount: 2, problems: [{ kind: 'manager.unknown' }] });
    expect(await run()).toMatchObject({ changeCount: 0, problems: [{ kind: 'manager.unknown' }] });
    expect(await managerOf('p2')).toBe('p3');
    directory.person('late', office);
    expect(await run()).toMatchObject({ changeCount: 2, problemCount: 0 });
    expect(await managerOf('p1')).toBe('late');
    directory.change(dnOf('p3'), { manager: dnOf('p2') });
    expect(await run()).toMatchObject({ problems: [{ kind: 'manager.cycle' }] });
    directory.change(dnOf('p2'), { manager: dnOf('p1') });
    await run();
    expect([await managerOf('p2'), await managerOf('p3')]).toEqual(['p1', 'p2']);
  });

  it.each([
    ['ends a page with a size limit', () => (directory.fault = { after: 120, play: 'size limit' })],
    ['goes away in the middle of reading', () => (directory.fault = { after: 120, play: 'gone' })],
    ['refuses the second half', () => (directory.fault = { after: 120, play: 'busy' })],
    [
      'delivers half of the people as if they were all',
      () => (directory.fault = { after: 100, play: 'half' }),
    ],
    ['delivers nobody as if there were none', () => (directory.fault = { after: 0, play: 'half' })],
    ['does not take the password any more', () => (directory.password = 'another')],
    [
      'does not show the identity of its entries',
      () => {
        for (const { dn } of directory.entries.values()) directory.change(dn, { entryUUID: undefined });
      },
    ],
    [
      'does not show user names',
      () => {
        for (let n = 0; n < 20; n += 1) directory.change(dnOf(`p${n}`), { uid: undefined });
      },
    ],
    ['has nothing below the base', () => directory.entries.clear()],
  ])(
    'changes nobody when the directory %s',
    async (_what, spoil) => {
      const before = await everything();
      spoil();
      const failed = await run();
      expect(failed).toMatchObject({ state: 'failed', changeCount: 0 });
      expect(failed.failure).toMatch(/\w/);
      expect(await everything()).toEqual(before);
      expect(await app.get(SyncRuns).alarms()).toMatchObject([{ id: failed.id }]);
      const [entry] = await migrated.raw.query<{ outcome: string }>(
        `select outcome from audit.entry where action = 'directory.synced' order by pos desc limit 1`,
      );
      expect(entry).toEqual({ outcome: 'failed' });
    },
    30_000,
  );

  it('changes nobody when the directory is away, and goes on with the same people when it is back', async () => {
    const before = await everything();
    await directory.end();
    expect((await run()).state).toBe('failed');
    directory.password = 'another';
    await directory.start();
    expect(await run()).toMatchObject({ state: 'failed' });
    directory.password = scriptedAccount.password;
    expect(await run()).toMatchObject({ state: 'done', changeCount: 0 });
    expect(await everything()).toEqual(before);
    expect(await app.get(SyncRuns).alarms()).toEqual([]);
  }, 30_000);

  it('keeps people through renames, moves and new addresses at once', async () => {
    const [before] = (await people()).filter(({ username }) => username === 'p7');
    directory.change(dnOf('p7'), { uid: 'renamed', cn: 'Renamed', mail: 'new@test' });
    directory.move(dnOf('p7'), `uid=renamed,ou=registry,${office}`);
    expect(await run()).toMatchObject({ state: 'done', counts: { peopleChanged: 1, peopleAdded: 0 } });
    const [after] = (await people()).filter(({ username }) => username === 'renamed');
    expect(after?.id).toBe(before?.id);
  });

  it('takes a recreated account for another person and says so', async () => {
    const dn = dnOf('p7');
    const [before] = (await people()).filter(({ username }) => username === 'p7');
    directory.remove(dn);
    directory.person('p7', office);
    const done = await run();
    expect(done).toMatchObject({ state: 'done', counts: { peopleAdded: 1, peopleDisabled: 1 } });
    expect(done.problems).toMatchObject([{ kind: 'person.username_taken' }]);
    const now = (await people()).filter(({ username }) => username === 'p7');
    expect(now.find(({ id }) => id === before?.id)?.active).toBe(false);
    expect(now.filter(({ active }) => active)).toHaveLength(1);
  });

  it('clears what the directory has removed', async () => {
    directory.change(dnOf('p3'), { mail: undefined });
    await run();
    const rows = await migrated.raw.query(`select email from directory.person where username = 'p3'`);
    expect(rows).toEqual([{ email: null }]);
  });

  it('does exactly what its dry run said', async () => {
    directory.change(dnOf('p1'), { mail: 'other@test' });
    directory.remove(dnOf('p2'));
    directory.person('new', office);
    const before = await everything();
    const dry = await run('dry');
    expect(dry).toMatchObject({ state: 'done', kind: 'dry', changeCount: 3 });
    expect(await everything()).toEqual(before);
    const done = await run();
    const planOf = async (id: string) =>
      (await app.get(Plans).list(id, { limit: 50 })).items.map(({ name, change, after }) => ({
        name,
        change,
        after,
      }));
    expect(await planOf(done.id)).toEqual(await planOf(dry.id));
    expect(done.counts).toEqual(dry.counts);
  });

  it('stops a plan that disables more than two percent, until a second person lets it pass', async () => {
    loseInRegistry(6);
    const before = await everything();
    const stopped = await run();
    expect(stopped).toMatchObject({
      state: 'waiting',
      stops: [{ guard: 'losses', count: 6, bound: 5 }],
    });
    expect(await everything()).toEqual(before);
    // The same plan is not made again.
    expect((await run()).id).toBe(stopped.id);
    const runs = app.get(SyncRuns);
    const asked = await runs.askApproval(system, { runId: stopped.id, clientId: 'a', reason: 'they left' });
    expect(await runs.askApproval(system, { runId: stopped.id, clientId: 'a', reason: 'they left' })).toEqual(
      asked,
    );
    const decision = { approvalId: asked.approvalId!, clientId: newId(), approve: true };
    await expect(app.get(Approvals).decide(system, decision)).rejects.toMatchObject({
      code: 'approval.own_request',
    });
    await app.get(Approvals).decide(security, decision);
    // The job that the decision asked for may be at it already.
    const applied = await eventually('the plan is applied', async () => {
      await app.get(DirectorySync).run();
      const one = await runs.one(stopped.id);
      return one.state === 'done' && one;
    });
    expect(applied).toMatchObject({ skippedCount: 0 });
    expect((await people()).filter(({ active }) => !active)).toHaveLength(6);
    const trail = await migrated.raw.query<{ action: string }>(
      `select action from audit.entry
        where pos > $1 and (action like 'approval.%' or action like 'directory.%') order by pos`,
      [entriesBefore],
    );
    expect(trail.map(({ action }) => action)).toEqual([
      'directory.sync_stopped',
      'directory.approval_asked',
      'approval.approved',
      'directory.synced',
    ]);
  });

  it('lets five people go without asking anybody', async () => {
    loseInRegistry(5);
    expect(await run()).toMatchObject({ state: 'done', counts: { peopleDisabled: 5 } });
  });

  it('forgets a stopped plan when the directory is right again', async () => {
    const lost = [...directory.entries].filter(([dn]) => /^uid=p1[5-9]/.test(dn));
    for (const [dn] of lost) directory.entries.delete(dn);
    const stopped = await run();
    expect(stopped.state).toBe('waiting');
    const asked = await app
      .get(SyncRuns)
      .askApproval(system, { runId: stopped.id, clientId: 'a', reason: 'they left' });
    for (const [dn, entry] of lost) directory.entries.set(dn, entry);
    expect(await run()).toMatchObject({ state: 'done', changeCount: 0 });
    expect((await app.get(SyncRuns).one(stopped.id)).state).toBe('superseded');
    const decision = { approvalId: asked.approvalId!, clientId: newId(), approve: true };
    await expect(app.get(Approvals).decide(security, decision)).rejects.toMatchObject({
      code: 'approval.decided',
    });
    expect((await people()).every(({ active }) => active)).toBe(true);
  });

  it('goes on with a plan that a crash cut short, and does nothing twice', async () => {
    directory.change(dnOf('p1'), { mail: 'other@test' });
    directory.change(dnOf('p2'), { mail: 'other@test' });
    const { id } = await run();
    const after = await everything();
    // As a crash leaves it: one change is done and not marked, the other one is not done.
    await migrated.raw.query(`update directory.sync_run set state = 'applying' where id = $1`, [id]);
    await migrated.raw.query(`update directory.sync_change set state = 'planned' where run_id = $1`, [id]);
    await run();
    expect(await everything()).toEqual(after);
    expect((await app.get(SyncRuns).one(id)).state).toBe('done');
  });

  it('takes a run back, leaving alone what was changed since', async () => {
    const before = await people();
    loseInRegistry(2);
    directory.change(dnOf('p1'), { mail: 'other@test' });
    directory.person('new', office);
    const done = await run();
    directory.change(dnOf('p1'), { mail: 'third@test' });
    await run();
    await app.get(SyncRuns).askUndo(system, done.id);
    // The job may have done it already.
    await app.get(DirectorySync).undo(done.id);
    const undos = (await app.get(SyncRuns).list({ limit: 10 })).items.filter(({ kind }) => kind === 'undo');
    expect(undos.every(({ state }) => state === 'done')).toBe(true);
    const first = undos.at(-1)!;
    expect(first).toMatchObject({ undoes: done.id, counts: { peopleChanged: 2, peopleDisabled: 1 } });
    expect(first.problems).toMatchObject([{ kind: 'undo.changed_since' }]);
    const now = await people();
    expect(now.filter(({ username }) => username !== 'new')).toEqual(before);
    expect(now.find(({ username }) => username === 'new')?.active).toBe(false);
    const [source] = await migrated.raw.query(`select state from directory.source where origin is not null`);
    expect(source).toEqual({ state: 'paused' });
    const mail = await migrated.raw.query(`select email from directory.person where username = 'p1'`);
    expect(mail).toEqual([{ email: 'third@test' }]);
  });

  it('is done by one of two processes at a time', async () => {
    const sync = app.get(DirectorySync);
    await Promise.all([sync.run(), sync.run(), sync.run()]);
    expect((await app.get(SyncRuns).list({ limit: 10 })).items.length).toBeLessThan(4);
  });

  it('writes a report that spreadsheets take for text', async () => {
    directory.change(dnOf('p1'), { displayName: '=cmd|x' });
    const { id } = await run();
    let report = '';
    for await (const line of await app.get(Plans).report(system, id)) report += line;
    expect(report).toContain(`person,"'=cmd|x",changed`);
    expect(report).not.toContain('fingerprint');
  });

  it('keeps everything that is needed to take a plan back', async () => {
    const { id } = await latest();
    const [first] = await app.get(ChangesStore, { strict: false }).applied(id, 0, 1);
    expect(first).toMatchObject({ subject: 'department', change: 'added', before: null });
  });
});
