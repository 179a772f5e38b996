import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BlobsModule } from '#blobs';
import { DirectorySourceSettings, newId, type SyncRun } from '#contracts';
import { SETTINGS, type AdministratorPrincipal, type Settings } from '#platform';
import {
  drawing,
  makeMigratedDatabase,
  openModules,
  ScriptedDirectory,
  scriptedAccount,
  scriptedBase,
  type MigratedDatabase,
} from '#testing';
import { DirectoryAdminModule, DirectoryJobsModule } from '../directory.module.js';
import { PeopleStore } from '../people/people.store.js';
import { SourceSettings } from '../sources/source-settings.service.js';
import { sourceOfSettings } from '../sources/settings-source.js';
import { DirectorySync } from './sync.service.js';
import { SyncRuns } from './sync-runs.service.js';

const system: AdministratorPrincipal = {
  kind: 'administrator',
  id: newId(),
  role: 'system-admin',
  name: 'system',
  username: 'system',
  sessionId: newId(),
  address: null,
};
/** Three transactions apply them. */
const peopleCount = 1200;
const kills = 6;

describe('synchronising on two processes', () => {
  let migrated: MigratedDatabase;
  let folder: string;
  let directory: ScriptedDirectory;
  let one: INestApplicationContext;
  let other: INestApplicationContext;
  let office: string;

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
      LDAP_SYNC_SECONDS: '3600',
      LDAP_LOOK_SECONDS: '0',
    };
    fill();
    const start = () => openModules(settings, BlobsModule, DirectoryJobsModule, DirectoryAdminModule);
    // At the same moment, so that to both it is the first: a process that starts later synchronises by itself a while on.
    [one, other] = await Promise.all([start(), start()]);
  }, 120_000);
  afterAll(async () => {
    await one?.close();
    await other?.close();
    await directory?.end();
    await migrated?.drop();
    await rm(folder, { recursive: true, force: true });
  }, 30_000);
  beforeEach(async () => {
    directory.entries.clear();
    fill();
    await forgetAll();
  });

  const fill = () => {
    office = directory.department('office');
    for (let n = 0; n < peopleCount; n += 1) directory.person(`p${n}`, office, { mail: `p${n}@test` });
  };
  const forgetAll = () =>
    migrated.raw
      .query(`truncate directory.person, directory.post, directory.department, directory.person_version,
      directory.sync_run, directory.sync_change`);
  const run = async (): Promise<SyncRun> => {
    await one.get(DirectorySync).run();
    return (await one.get(SyncRuns).list({ limit: 1 })).items[0]!;
  };
  /** Breaks whatever is asking the database for a plan at this moment. */
  const kill = () =>
    migrated.raw.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and query ~ 'sync_change|directory.person|directory.post'`,
    );

  it('comes to the same end wherever applying was cut short, and does nothing twice', async () => {
    const draw = drawing(7);
    for (let round = 0; round < kills; round += 1) {
      await forgetAll();
      const running = one
        .get(DirectorySync)
        .run()
        .catch(() => {});
      await pause(draw() * 1500);
      await kill();
      await running;
      let last = await run();
      for (let again = 0; last.state !== 'done' && again < 3; again += 1) last = await run();
      expect(last).toMatchObject({ state: 'done' });
      expect(await run()).toMatchObject({ state: 'done', changeCount: 0 });
      const [counted] = await migrated.raw.query(
        `select (select count(*)::int from directory.person where active) as people,
                (select count(*)::int from directory.post) as posts,
                (select count(*)::int from directory.person_version) as versions,
                (select count(distinct person_id)::int from directory.person_version) as versioned`,
      );
      expect(counted).toEqual({
        people: peopleCount,
        posts: peopleCount,
        versions: peopleCount,
        versioned: peopleCount,
      });
    }
  }, 120_000);

  it('is done by one of them at a time', async () => {
    await Promise.all([one.get(DirectorySync).run(), other.get(DirectorySync).run()]);
    const runs = (await one.get(SyncRuns).list({ limit: 10 })).items;
    expect(runs).toMatchObject([{ state: 'done', counts: { peopleAdded: peopleCount } }]);
  }, 30_000);

  it('lets two people have one address, and swap theirs', async () => {
    await run();
    const dn = (n: number) => `uid=p${n},${office}`;
    directory.change(dn(1), { mail: 'p2@test' });
    directory.change(dn(2), { mail: 'p1@test' });
    directory.change(dn(3), { mail: 'p1@test' });
    expect(await run()).toMatchObject({ state: 'done', counts: { peopleChanged: 3 } });
    const rows = await migrated.raw.query(
      `select username, email from directory.person where username in ('p1', 'p2', 'p3') and active order by 1`,
    );
    expect(rows).toEqual([
      { username: 'p1', email: 'p2@test' },
      { username: 'p2', email: 'p1@test' },
      { username: 'p3', email: 'p1@test' },
    ]);
  }, 30_000);

  it('takes nothing for known that another one has taken over since', async () => {
    const dn = `uid=p1,${office}`;
    // As after a backup of the directory was put back: the same entry to the last bit.
    const say = (mail: string) => (directory.entries.get(dn.toLowerCase())!.attributes['mail'] = mail);
    await run();
    say('another@test');
    await other.get(DirectorySync).run();
    say('p1@test');
    expect(await run()).toMatchObject({ state: 'done', counts: { peopleChanged: 1 } });
    const [row] = await migrated.raw.query(`select email from directory.person where username = 'p1'`);
    expect(row).toEqual({ email: 'p1@test' });
  }, 30_000);

  it('is content with photos that are none, and tells of them', async () => {
    await run();
    directory.change(`uid=p1,${office}`, { jpegPhoto: 'no photo' });
    directory.change(`uid=p2,${office}`, { jpegPhoto: 'x'.repeat(5 * 1024 * 1024) });
    const done = await run();
    expect(done).toMatchObject({ state: 'done', counts: { peopleChanged: 2 } });
    expect(done.problems.map(({ kind }) => kind)).toEqual(['photo.unusable', 'photo.unusable']);
  }, 30_000);

  it('keeps the people of two directories apart, and knows which comes first', async () => {
    await run();
    const branch = new ScriptedDirectory();
    await branch.start();
    try {
      branch.person('p1', branch.department('branch'), { displayName: 'Another' });
      const first = DirectorySourceSettings.parse({
        ...sourceOfSettings(one.get<Settings>(SETTINGS, { strict: false }))!.settings,
        hosts: [{ host: '127.0.0.1', port: branch.port }],
        precedence: 1,
      });
      const sources = one.get(SourceSettings, { strict: false });
      const added = { clientId: newId(), name: 'branch', bindPassword: scriptedAccount.password };
      const { id } = await sources.add(system, { ...added, settings: first });
      await sources.setState(system, id, 'active');
      await run();
      const both = await migrated.raw.query(
        `select display_name as name from directory.person where username = 'p1' and active order by 1`,
      );
      expect(both).toEqual([{ name: 'Another' }, { name: 'p1' }]);
      const found = await one.get(PeopleStore, { strict: false }).findByUsername('p1');
      expect(found?.displayName).toBe('Another');
      await sources.setState(system, id, 'paused');
    } finally {
      await branch.end();
    }
  }, 30_000);
});
