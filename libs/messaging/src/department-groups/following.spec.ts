import { Global, Module, type INestApplicationContext } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BlobStore } from '#blobs';
import { newId, type PeopleScope, type VisibilityRule } from '#contracts';
import { DepartmentPeople, DirectoryModule } from '#directory';
import type { Database } from '#persistence';
import { makeMigratedDatabase, openModules, type MigratedDatabase } from '#testing';
import { ConversationsStore } from '../conversations/conversations.store.js';
import { MembersStore } from '../conversations/members.store.js';
import { EventLogStore } from '../log/event-log.store.js';
import type { EventRecord } from '../log/event.js';
import { monthOf } from '../log/month.js';
import { PartitionsStore } from '../log/partitions.store.js';
import type { MessageLog } from '../messages/message-log.js';
import { DepartmentGroupsStore, type FollowingGroup } from './department-groups.store.js';
import { Following } from './following.service.js';

const source = '00000000-0000-7000-8000-000000000001';
const nobody: PeopleScope = { everybody: false, departmentIds: [], maxRank: null, personIds: [] };
const size = Number(process.env['CHANCERY_GROUP_SIZE'] ?? 1200);

/** Nobody looks at a photo here. */
@Global()
@Module({ providers: [{ provide: BlobStore, useValue: {} }], exports: [BlobStore] })
class NoBlobs {}

describe('a group that follows a department', () => {
  let migrated: MigratedDatabase;
  let directory: INestApplicationContext;
  let database: Database;
  let groups: DepartmentGroupsStore;
  let members: MembersStore;
  let following: Following;
  let written: EventRecord[] = [];
  const never = new AbortController().signal;

  beforeAll(async () => {
    migrated = await makeMigratedDatabase();
    database = await migrated.open();
    directory = await openModules({ DATABASE_URL: migrated.raw.url }, NoBlobs, DirectoryModule);
    await new PartitionsStore(database).ensure('event', monthOf(Date.now()));
    groups = new DepartmentGroupsStore(database);
    members = new MembersStore(database);
    const log = { announce: (records: EventRecord[]) => written.push(...records) };
    following = new Following(
      groups,
      directory.get(DepartmentPeople, { strict: false }),
      new ConversationsStore(database),
      members,
      new EventLogStore(),
      log as unknown as MessageLog,
    );
  }, 60_000);
  afterAll(async () => {
    await directory?.close();
    await migrated?.drop();
  });
  beforeEach(() => {
    written = [];
  });

  const department = async (parentId: string | null = null) => {
    const id = newId();
    await migrated.raw.query(
      `insert into directory.department (id, source_id, external_id, parent_id, name, position, active)
       values ($1, '${source}', uuid_send($1), $2, 'd', 0, true)`,
      [id, parentId],
    );
    return id;
  };
  const people = async (departmentId: string, count: number, part = { rank: 5 }) => {
    const rows = await migrated.raw.query<{ id: string }>(
      `with made as (
         insert into directory.person (id, source_id, external_id, username, username_key, distinguished_name,
                display_name, rank, active, sort_key, terms, fingerprint, stamp, changed_at, department_id)
         select id, '${source}', uuid_send(id), id, id, '', 'P', $3, true, id, '', '', '', now(), $1
           from (select gen_random_uuid() as id from generate_series(1, $2::int)) as drawn
         returning id)
       insert into directory.post (person_id, department_id, main, position)
       select id, $1, true, 0 from made returning person_id as id`,
      [departmentId, count, part.rank],
    );
    return rows.map(({ id }) => id);
  };
  const group = async (departmentId: string, withBelow = false): Promise<FollowingGroup> => {
    const made = { conversationId: newId(), departmentId, withBelow, name: 'g', ownerId: null };
    const store = new ConversationsStore(database);
    await store.transaction(async (tx) => {
      await groups.insert(tx, { ...made, askedById: newId(), clientId: newId() });
      await store.insert(tx, { id: made.conversationId, kind: 'group', name: 'g' });
    });
    return made;
  };
  const membersOf = async ({ conversationId }: FollowingGroup) => {
    const ids: string[] = [];
    for (;;) {
      const page = await members.idsAfter(conversationId, ids.at(-1), 1000);
      ids.push(...page);
      if (page.length < 1000) return ids;
    }
  };
  const ownerOf = async ({ conversationId }: FollowingGroup) =>
    (await members.page(conversationId, undefined, 1))[0]!;
  const reportTo = (ids: readonly string[], managerId: string) =>
    migrated.raw.query('update directory.person set manager_id = $2 where id = any($1::uuid[])', [
      ids,
      managerId,
    ]);
  const leaves = (id: string) =>
    migrated.raw.query('update directory.person set active = false where id = $1', [id]);

  it('is filled by bounded events, as many as its people need, and once', async () => {
    const id = await department();
    await people(id, size);
    const made = await group(id);
    const began = performance.now();
    await following.settleAll(made, never);
    process.stdout.write(`a group of ${size}: ${(performance.now() - began).toFixed(0)} ms\n`);
    expect(await membersOf(made)).toHaveLength(size);
    expect(written.length).toBe(Math.ceil(size / 500));
    for (const { meta } of written) expect(JSON.stringify(meta).length).toBeLessThan(200);
    await following.settleAll(made, never);
    expect(written.length).toBe(Math.ceil(size / 500));
  }, 120_000);

  it('is cut short anywhere and goes on to the same end', async () => {
    const id = await department();
    await people(id, 700);
    const made = await group(id);
    const cut = new AbortController();
    setImmediate(() => cut.abort(new Error('killed')));
    await expect(following.settleAll(made, cut.signal)).rejects.toThrow('killed');
    await Promise.all([following.settleAll(made, never), following.settleAll(made, never)]);
    expect(await membersOf(made)).toHaveLength(700);
  });

  it('belongs to a head of the department, and after them to who is next', async () => {
    const id = await department();
    const staff = await people(id, 5);
    const [head] = (await people(id, 1)) as [string];
    const [deputy] = (await people(id, 1, { rank: 3 })) as [string];
    await reportTo([...staff, deputy], head);
    const made = await group(id);
    await following.settleAll(made, never);
    expect(await ownerOf(made)).toMatchObject({ personId: head, role: 'owner' });
    await leaves(head);
    written = [];
    await following.settle(made, [head]);
    expect(written.map(({ type }) => type)).toEqual(['conversation.owner', 'conversation.members']);
    expect(await ownerOf(made)).toMatchObject({ personId: deputy, role: 'owner' });
    for (const one of await membersOf(made)) {
      await leaves(one);
      await following.settle(made, [one]);
    }
    expect(await membersOf(made)).toEqual([]);
    const [newcomer] = (await people(id, 1)) as [string];
    await following.settle(made, [newcomer]);
    expect(await ownerOf(made)).toMatchObject({ personId: newcomer, role: 'owner' });
  });

  it('has the people of departments below where it is asked to, as long as they are below', async () => {
    const [top, elsewhere] = [await department(), await department()];
    const below = await department(await department(top));
    const staff = await people(below, 3);
    const [alone, whole] = [await group(top), await group(top, true)];
    await following.settleAll(alone, never);
    await following.settleAll(whole, never);
    expect(await membersOf(alone)).toEqual([]);
    expect(new Set(await membersOf(whole))).toEqual(new Set(staff));
    await migrated.raw.query('update directory.department set parent_id = $2 where id = $1', [
      below,
      elsewhere,
    ]);
    await following.settle(whole, staff);
    expect(await membersOf(whole)).toEqual([]);
  });

  it('keeps everybody and follows no more once the department is gone, though they have other posts by then', async () => {
    const id = await department();
    const staff = await people(id, 3);
    const made = await group(id);
    await following.settleAll(made, never);
    await migrated.raw.query('update directory.department set active = false where id = $1', [id]);
    await migrated.raw.query('delete from directory.post where department_id = $1', [id]);
    written = [];
    await following.settle(made, staff);
    await following.settle(made, staff);
    expect(written.map(({ type }) => type)).toEqual(['conversation.unfollowed']);
    expect(await membersOf(made)).toHaveLength(3);
  });

  it('leaves out whom a rule hides, but not from their colleagues where it says so', async () => {
    const id = await department();
    const [spy, ...others] = (await people(id, 4)) as [string, ...string[]];
    const [alone, whole] = [await group(id), await group(id, true)];
    const setRule = (exceptColleagues: boolean) => {
      const rule: VisibilityRule = {
        ...{ name: 'r', effect: 'hide', fields: [], exceptColleagues },
        of: { ...nobody, personIds: [spy] },
        notOf: nobody,
        from: { ...nobody, everybody: true },
        notFrom: nobody,
      };
      return migrated.raw.query(
        `insert into directory.visibility_version (version, rules, reason, client_id, changed_by_id, changed_by)
         select coalesce(max(version), 0) + 1, $1::jsonb, 'x', gen_random_uuid(), gen_random_uuid(), 'x'
           from directory.visibility_version`,
        [JSON.stringify([rule])],
      );
    };
    await setRule(true);
    for (const made of [alone, whole]) await following.settleAll(made, never);
    expect(await membersOf(alone)).toHaveLength(4);
    expect(new Set(await membersOf(whole))).toEqual(new Set(others));
    await setRule(false);
    const due = await groups.due(2, 100);
    expect(due.map(({ conversationId }) => conversationId)).toContain(alone.conversationId);
    await following.settleAll(alone, never);
    expect(new Set(await membersOf(alone))).toEqual(new Set(others));
  });
});
