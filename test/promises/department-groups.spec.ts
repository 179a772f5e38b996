import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Http } from '#client';
import { newId, type Conversation } from '#contracts';
import { eventually, World, type Employee } from '#testing';

let world: World;
let head: Employee;
let clerk: Employee;
let mover: Employee;
let admin: Http;
let top: string;
let group: string;

beforeAll(async () => {
  world = await World.start({ topology: 'several', settings: { CHANCERY_DEMO_PEOPLE: '300' } });
  [head] = (await world.signIn(1)) as [Employee];
  admin = await world.administrator('system-admin');
  top = (await head.client.call('person', { params: { personId: head.id } })).posts[0]!.departmentId;
  [mover, clerk] = (await world.signIn(20)).slice(-2) as [Employee, Employee];
}, 60_000);
afterAll(() => world?.stop(), 30_000);

const syncs = () =>
  eventually('a synchronisation begins', () =>
    admin.call('syncNow', { body: { clientId: newId() } }).then(
      () => true,
      () => false,
    ),
  );
const change = async (who: Employee, attribute: string, values: string[]) => {
  await world.changeEntry(who.account.username, attribute, values);
  await syncs();
};
const conversation = (by: Employee, conversationId: string): Promise<Conversation> =>
  by.client.call('conversation', { params: { conversationId } });
const peopleOf = async (departmentId: string) =>
  (await head.client.call('department', { params: { departmentId } })).peopleCount;
const isFull = () =>
  eventually('everybody of the department is a member, and nobody else', async () => {
    const { memberCount } = await conversation(head, group);
    return memberCount === (await peopleOf(top));
  });
const membersOf = async (conversationId: string) => {
  const ids: string[] = [];
  for (let cursor: string | undefined; ;) {
    const query = { limit: 200, ...(cursor !== undefined && { cursor }) };
    const page = await head.client.call('members', { params: { conversationId }, query });
    ids.push(...page.items.map(({ person }) => person.id));
    if (page.nextCursor === null) return ids;
    cursor = page.nextCursor;
  }
};
const make = (by: Employee, departmentId: string, clientId = newId(), withBelow = true) =>
  by.client.call('makeDepartmentGroup', {
    params: { departmentId },
    body: { clientId, name: '全体人员', withBelow },
  });

it('a head makes a group of everybody in the department and below it, once', async () => {
  const clientId = newId();
  const made = await make(head, top, clientId);
  group = made.conversationId;
  expect(made).toMatchObject({ isMember: true, withBelow: true });
  expect(await conversation(head, group)).toMatchObject({
    role: 'owner',
    name: '全体人员',
    follows: { departmentId: top, withBelow: true },
  });
  await isFull();
  expect((await make(head, top, clientId)).conversationId).toBe(group);
  await expect(make(head, top, clientId, false)).rejects.toMatchObject({ code: 'client_id_reused' });
  await expect(make(head, top)).rejects.toMatchObject({ code: 'department.group_exists', status: 409 });
  const [first] = head.device.log(group);
  expect(first).toMatchObject({ type: 'conversation.created', actorKind: 'system', departmentId: top });
});

it('a change of many people says how many, and lists them page by page; each of them sees it and nothing before', async () => {
  const event = await eventually('the clerk hears of joining', () =>
    clerk.device.log(group).find((one) => one.type === 'conversation.members'),
  );
  const { memberCount } = await conversation(clerk, group);
  expect(clerk.device.log(group)[0]).toEqual(event);
  expect(event).toMatchObject({ seq: 2, joined: [], joinedCount: memberCount - 1, left: [] });
  const ids: string[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await clerk.client.call('memberChanges', {
      params: { conversationId: group, seq: event.seq },
      query: { change: 'joined', limit: 200, ...(cursor !== undefined && { cursor }) },
    });
    ids.push(...page.items.map(({ id }) => id));
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  expect(new Set(ids).size).toBe(memberCount - 1);
  expect(ids).toContain(clerk.id);
  // The beginning lies before the clerk's time: for them nobody joined there.
  const before = { params: { conversationId: group, seq: 1 }, query: { change: 'joined' as const } };
  expect((await clerk.client.call('memberChanges', before)).items).toEqual([]);
  expect((await head.client.call('memberChanges', before)).items).toMatchObject([{ id: head.id }]);
  const list = await clerk.client.call('members', { params: { conversationId: group }, query: {} });
  expect(list.version).toBe(event.seq);
});

it('whoever does not head the department is refused, and sees only groups they are in', async () => {
  await expect(make(clerk, top)).rejects.toMatchObject({ code: 'department.head_required', status: 403 });
  await expect(make(clerk, newId())).rejects.toMatchObject({ code: 'department.not_found' });
  const params = { departmentId: top };
  expect(await clerk.client.call('departmentGroups', { params })).toMatchObject({
    mayAsk: false,
    groups: [{ conversationId: group, isMember: true }],
  });
});

it('its members are changed by nobody’s hand', async () => {
  const params = { conversationId: group };
  const refusal = { code: 'conversation.follows_department', status: 409 };
  const add = head.client.call('addMembers', {
    params,
    body: { clientId: newId(), memberIds: [clerk.id] },
  });
  await expect(add).rejects.toMatchObject(refusal);
  for (const by of [head, clerk]) {
    const removal = by.client.call('removeMember', { params: { ...params, personId: clerk.id } });
    await expect(removal).rejects.toMatchObject(refusal);
  }
});

it('whoever the directory disables leaves it, and comes back with the account, also when nobody followed meanwhile', async () => {
  await head.sends(group, 'before');
  await Promise.all(world.messaging.map((process) => process.end('SIGKILL')));
  await change(clerk, 'pwdAccountLockedTime', ['20260101000000Z']);
  await eventually('the directory has it', async () => {
    const { items } = await admin.call('adminPeople', { query: { q: clerk.account.username } });
    return items.some(({ id, active }) => id === clerk.id && !active);
  });
  await Promise.all(world.messaging.map((process) => process.start()));
  await eventually(
    'the clerk is no member',
    async () => !(await membersOf(group)).includes(clerk.id),
    20_000,
  );
  await isFull();
  await head.sends(group, 'while away');
  await change(clerk, 'pwdAccountLockedTime', []);
  await eventually('the clerk is back', async () => (await membersOf(group)).includes(clerk.id), 20_000);
  const back = await clerk.signsIn();
  await head.sends(group, 'after');
  await back.sees(group, 'after');
  expect(back.texts(group)).not.toContain('while away');
  const [joined] = back.log(group);
  expect(joined).toMatchObject({ type: 'conversation.members', actorKind: 'system', joined: [clerk.id] });
}, 60_000);

it('whoever goes to another department goes to its group, which an administrator asked for', async () => {
  const card = await head.client.call('person', { params: { personId: mover.id } });
  const departmentId = card.posts[0]!.departmentId;
  const params = { departmentId };
  const body = { clientId: newId(), name: '处室', withBelow: false };
  const { conversationId } = await admin.call('askDepartmentGroup', { params, body });
  expect((await admin.call('askDepartmentGroup', { params, body })).conversationId).toBe(conversationId);
  const shown = async () => (await admin.call('adminDepartmentGroups', { params })).groups[0]!;
  await eventually('it is filled', async () => (await shown()).memberCount > 0);
  const full = (await shown()).memberCount;
  const { items } = await head.client.call('departments', { query: { parent: top } });
  const elsewhere = items.find(({ id }) => id !== departmentId)!;
  const [{ external }] = (await world.database!.query(
    `select encode(external_id, 'hex') as external from directory.department where id = $1`,
    [elsewhere.id],
  )) as [{ external: string }];
  const uuid = Buffer.from(external, 'hex').toString();
  await change(mover, 'chanceryPost', [`${uuid};处长;1`]);
  await eventually('one less is in it', async () => (await shown()).memberCount === full - 1);
  const seen = await conversation(mover, conversationId);
  expect(seen.role).toBeNull();
  await isFull();
});

it('a group whose department is gone stays as a group like any other', async () => {
  await world.database!.query(
    `with gone as (update directory.department set active = false where id = $1 returning id),
          head as (update persistence.log_head set pos = pos + 1 where id = 0 returning pos)
     insert into directory.department_version (pos, department_id, at, change, attributes)
     select head.pos, gone.id, now(), 'gone', '{"active": false}' from gone, head`,
    [top],
  );
  await eventually('it follows no more', async () => (await conversation(head, group)).follows === null);
  expect(head.device.log(group).at(-1)).toMatchObject({ type: 'conversation.unfollowed', departmentId: top });
  const params = { conversationId: group, personId: clerk.id };
  await head.client.call('removeMember', { params });
  expect(await membersOf(group)).not.toContain(clerk.id);
});
