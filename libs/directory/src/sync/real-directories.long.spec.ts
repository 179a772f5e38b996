import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BlobsModule } from '#blobs';
import { DirectorySourceSettings, newId, type SyncRun } from '#contracts';
import type { AdministratorPrincipal } from '#platform';
import {
  drawing,
  makeMigratedDatabase,
  openModules,
  OfficeLife,
  officeServers,
  ReadingRelay,
  readOffice,
  type MigratedDatabase,
  type Office,
  type ReadFault,
} from '#testing';
import { DirectoryAdminModule, DirectoryJobsModule } from '../directory.module.js';
import { SourceSettings } from '../sources/source-settings.service.js';
import { DirectorySync } from './sync.service.js';
import { SyncRuns } from './sync-runs.service.js';

const rounds = Number(process.env['CHANCERY_SYNC_ROUNDS'] ?? 10);
const seed = Number(process.env['CHANCERY_SYNC_SEED'] ?? 20261124);
const actsPerRound = 8;
const size = { departments: 30, people: 220 };

const system: AdministratorPrincipal = {
  kind: 'administrator',
  id: newId(),
  role: 'system-admin',
  name: 'system',
  username: 'system',
  sessionId: newId(),
  address: null,
};

describe.each(officeServers)('synchronising with a real $kind', ({ kind, isAtHand, make, ...parts }) => {
  const given = isAtHand ? it : it.skip;
  let server: Awaited<ReturnType<typeof make>>;
  let relay: ReadingRelay;
  let migrated: MigratedDatabase;
  let folder: string;
  let app: INestApplicationContext;
  let settings: DirectorySourceSettings;
  let sourceId: string;
  const draw = drawing(seed);

  beforeAll(async () => {
    if (!isAtHand) return;
    folder = await mkdtemp(join(tmpdir(), 'chancery-sync-'));
    server = await make();
    await server.start();
    relay = new ReadingRelay({ host: new URL(server.url).hostname, port: server.port });
    await relay.start();
    migrated = await makeMigratedDatabase();
    const environment = {
      CHANCERY_DATA: folder,
      DATABASE_URL: migrated.raw.url,
      DATABASE_POOL: '16',
      LDAP_SYNC_SECONDS: '3600',
      LDAP_LOOK_SECONDS: '0',
    };
    app = await openModules(environment, BlobsModule, DirectoryJobsModule, DirectoryAdminModule);
    const base = `ou=office,${server.baseDn}`;
    settings = DirectorySourceSettings.parse({
      ...{ kind, ...parts.reading, peopleBases: [base], departmentBases: [base] },
      hosts: [{ host: '127.0.0.1', port: relay.port }],
      ...{ security: 'plain', allowPlain: true, bindDn: server.account.dn },
    });
    const { id } = await sources().add(system, {
      ...{ clientId: newId(), name: 'office', settings, bindPassword: server.account.password },
    });
    sourceId = id;
    await sources().setState(system, sourceId, 'active');
    await inOffice((life) => life.found(size));
    expect(await sync()).toMatchObject({ failure: null, state: 'done' });
  }, 120_000);
  afterAll(async () => {
    if (!isAtHand) return;
    await app?.close();
    await relay?.close();
    await server?.close();
    await migrated?.drop();
    await rm(folder, { recursive: true, force: true });
  }, 30_000);

  let office: OfficeLife | undefined;
  const inOffice = <T>(work: (life: OfficeLife) => Promise<T>): Promise<T> =>
    server.asAdministrator((client) => {
      office ??= new OfficeLife({ ...parts.dialect, base: server.baseDn }, draw);
      return work(office.over(client));
    });
  const sources = () => app.get(SourceSettings, { strict: false });
  const sync = async (): Promise<SyncRun> => {
    await app.get(DirectorySync).run();
    return (await app.get(SyncRuns).list({ limit: 1 })).items[0]!;
  };
  const truth = () => readOffice(kind, { ...server, base: `ou=office,${server.baseDn}` });
  /** What the product holds, in the same words. */
  const held = async (): Promise<Office & { ids: Map<string, string> }> => {
    const departments = await migrated.raw.query<{ id: string; name: string; parent: string | null }>(
      heldDepartments,
    );
    const people = await migrated.raw.query<{ id: string; person: string } & Office['people'][string]>(
      heldPeople,
    );
    return {
      departments: Object.fromEntries(departments.map(({ id, ...rest }) => [id, rest])),
      people: Object.fromEntries(people.map(({ id, person: _person, ...rest }) => [id, rest])),
      ids: new Map(people.map(({ id, person }) => [id, person])),
    };
  };
  /** Whom and what the directory has, and the product has not. */
  const lost = async () => {
    const { people, departments } = await truth();
    const rows = await migrated.raw.query<{ id: string }>(lostSql);
    return rows.map(({ id }) => id).filter((id) => people[id]?.active || departments[id]);
  };
  const requireSame = async () => {
    const [{ departments, people }, product] = [await truth(), await held()];
    const isThere = ([id]: [string, unknown]) => people[id] !== undefined;
    const known = Object.entries(product.people);
    expect(product.departments).toEqual(departments);
    expect(Object.fromEntries(known.filter(isThere))).toEqual(people);
    expect(known.filter((one) => !isThere(one) && one[1].active)).toEqual([]);
    return product.ids;
  };
  const drawFault = (): ReadFault => ({
    play: (['cut', 'skip', 'end'] as const)[Math.floor(draw() * 3)]!,
    after: Math.floor(draw() * (size.departments + size.people)),
    count: 1 + Math.floor(draw() * 60),
  });
  const requireUnchanged = async (failed: SyncRun, before: Awaited<ReturnType<typeof held>>) => {
    expect(failed).toMatchObject({ state: 'failed', changeCount: 0 });
    expect(failed.failure).toMatch(/\w/);
    expect(await held()).toEqual(before);
    expect(await app.get(SyncRuns).alarms()).toMatchObject([{ id: failed.id }]);
  };

  given(
    `holds what ldapsearch says after each of ${rounds} rounds of changes, and a spoiled reading costs nobody`,
    async () => {
      const identities = await requireSame();
      for (let round = 1; round <= rounds; round += 1) {
        const story: string[] = [];
        await inOffice(async (life) => {
          while (story.length < actsPerRound) story.push(await life.happen());
        });
        relay.fault = draw() < 0.5 ? drawFault() : undefined;
        const told = `seed ${seed}, round ${round}: ${story.join('; ')}; ${JSON.stringify(relay.fault)}`;
        if (relay.fault) {
          const before = await lost();
          await sync();
          const more = (await lost()).filter((id) => !before.includes(id));
          expect({ told, more }).toEqual({ told, more: [] });
        }
        relay.fault = undefined;
        const right = { told, failure: null, state: 'done', stops: [] };
        expect({ told, ...(await sync()) }).toMatchObject(right);
        for (const [id, person] of await requireSame()) {
          expect(identities.get(id) ?? person).toBe(person);
          identities.set(id, person);
        }
      }
    },
    20_000 + rounds * 5000,
  );

  given.each<[string, ReadFault]>([
    ['goes away in the middle of reading', { play: 'cut', after: 100 }],
    ['leaves out half of a page', { play: 'skip', after: 60, count: 80 }],
    ['leaves out three departments', { play: 'skip', after: 5, count: 3 }],
    ['ends a reading as if it were whole', { play: 'end', after: 150 }],
    ['delivers nobody', { play: 'skip', after: 0, count: 100_000 }],
  ])('changes nobody when the directory %s', async (_what, fault) => {
    const before = await held();
    const played = relay.played;
    relay.fault = fault;
    const failed = await sync();
    relay.fault = undefined;
    expect(relay.played).toBeGreaterThan(played);
    await requireUnchanged(failed, before);
    expect(await sync()).toMatchObject({ state: 'done', changeCount: 0 });
  });

  given('changes nobody when its account may read no longer, and is content when it may again', async () => {
    const before = await held();
    await server.allowReading(false);
    await requireUnchanged(await sync(), before);
    await server.allowReading(true);
    expect(await sync()).toMatchObject({ state: 'done', changeCount: 0 });
    expect(await app.get(SyncRuns).alarms()).toEqual([]);
  });

  given('changes nobody when the password of its account is wrong, nor when it is right again', async () => {
    const before = await held();
    await sources().change(system, { sourceId, settings, bindPassword: 'wrong' });
    await requireUnchanged(await sync(), before);
    await sources().change(system, { sourceId, settings, bindPassword: server.account.password });
    expect(await sync()).toMatchObject({ state: 'done', changeCount: 0 });
    expect(await held()).toEqual(before);
  });

  given('changes nobody when the directory is gone, and is content when it is back', async () => {
    const before = await held();
    await server.end('SIGKILL');
    await requireUnchanged(await sync(), before);
    await server.start();
    expect(await sync()).toMatchObject({ state: 'done', changeCount: 0 });
  });

  given('stops when more leave than are let go, and when a unit with everybody in it is empty', async () => {
    const before = await held();
    await inOffice((life) => life.leave(6));
    const stopped = await sync();
    expect(stopped).toMatchObject({ state: 'waiting', stops: [{ guard: 'losses', count: 6, bound: 5 }] });
    expect(await held()).toEqual(before);
    expect(await app.get(SyncRuns).alarms()).toMatchObject([{ id: stopped.id }]);
    await inOffice((life) => life.empty());
    const emptied = await sync();
    expect(emptied.state).toBe('waiting');
    expect(emptied.stops.map(({ guard }) => guard)).toContain('department_losses');
    expect(await held()).toEqual(before);
  });
});

const heldDepartments = `
  select encode(d.external_id, 'hex') as id, d.name, encode(parent.external_id, 'hex') as parent
    from directory.department d left join directory.department parent on parent.id = d.parent_id where d.active`;

const heldPeople = `
  select encode(p.external_id, 'hex') as id, p.id as person, p.username, p.display_name as "displayName", p.email as mail,
         p.title, p.phone, encode(d.external_id, 'hex') as department, encode(m.external_id, 'hex') as manager, p.active
    from directory.person p left join directory.department d on d.id = p.department_id
    left join directory.person m on m.id = p.manager_id where p.kind = 'person' order by 1`;

const lostSql = `
  select encode(external_id, 'hex') as id from directory.person where kind = 'person' and not active
   union all select encode(external_id, 'hex') from directory.department where not active`;
