import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Http } from '#client';
import { newId, NIL_ID } from '#contracts';
import { eventually, World, type Employee } from '#testing';

let world: World;
let alice: Employee;
let bob: Employee;
let carol: Employee;
let dave: Employee;
let admin: Http;

beforeAll(async () => {
  world = await World.start({ topology: 'several' });
  [alice, bob, carol, dave] = (await world.signIn(4)) as [Employee, Employee, Employee, Employee];
  admin = await world.administrator('system-admin');
}, 60_000);
afterAll(() => world?.stop(), 30_000);

it('whoever the directory disables is signed out everywhere and told why they cannot come back', async () => {
  const chat = await alice.opensDirect(bob);
  const phone = await bob.signsIn();
  await world.changeEntry(bob.account.username, 'pwdAccountLockedTime', ['20260101000000Z']);
  await admin.call('syncNow', { body: { clientId: newId() } });
  await eventually('both devices are cut off', () =>
    [bob.device, phone].every(({ client }) => client.state === 'ended'),
  );
  const { username, password } = bob.account;
  const login = (password: string) =>
    admin.call('login', { body: { username, password, device: { name: 't', platform: 'node' } } });
  await expect(login(password)).rejects.toMatchObject({ code: 'auth.account_disabled', status: 403 });
  await expect(login('wrong')).rejects.toMatchObject({ code: 'auth.invalid_credentials' });
  const shown = await alice.client.call('person', { params: { personId: bob.id } });
  expect(shown.active).toBe(false);
  // What was written stays with those who are left.
  expect((await alice.client.call('conversation', { params: { conversationId: chat } })).peerId).toBe(bob.id);
});

it('a synchronisation is listed with what it did', async () => {
  const [first] = (await admin.call('syncRuns', { query: {} })).items.toReversed();
  expect(first).toMatchObject({
    state: 'done',
    counts: { peopleAdded: 60, peopleDisabled: 0 },
    problems: [],
  });
});

const syncs = async () => {
  await eventually('a synchronisation begins', () =>
    admin.call('syncNow', { body: { clientId: newId() } }).then(
      () => true,
      () => false,
    ),
  );
};
const leaves = async (who: Employee) => {
  await world.changeEntry(who.account.username, 'pwdAccountLockedTime', ['20260101000000Z']);
  await syncs();
  await eventually('who left is signed out', () => who.device.client.state === 'ended');
};
const ownerOf = async (conversationId: string, by: Employee) => {
  const { items } = await by.client.call('members', { params: { conversationId }, query: { limit: 1 } });
  return items[0]?.role === 'owner' ? items[0].person.id : undefined;
};
const handOver = (personId: string) =>
  admin.call('handOverGroups', { params: { personId }, body: { clientId: newId() } });

it('groups of somebody who left go to a superior among the members, else to who was there longest, when asked', async () => {
  await world.changeEntry(carol.account.username, 'manager', [
    `uid=${dave.account.username},ou=people,${world.baseDn}`,
  ]);
  await syncs();
  const [besideSuperior, besideAnother] = await Promise.all([
    carol.createsGroup('a group', [alice, dave]),
    carol.createsGroup('a group', [alice]),
  ]);
  await expect(handOver(carol.id)).rejects.toMatchObject({ code: 'person.active', status: 409 });
  await expect(handOver(newId())).rejects.toMatchObject({ code: 'person.not_found', status: 404 });
  await leaves(carol);
  // By itself it happens only after the time that is set.
  expect(await ownerOf(besideSuperior, alice)).toBe(carol.id);
  await handOver(carol.id);
  await eventually('both have their new owners', async () => {
    const owners = [await ownerOf(besideSuperior, alice), await ownerOf(besideAnother, alice)];
    return owners[0] === dave.id && owners[1] === alice.id;
  });
  const params = { conversationId: besideSuperior };
  const { events } = await alice.client.call('events', { params, query: { after: 1, limit: 10 } });
  expect(events).toMatchObject([{ type: 'conversation.owner', actorKind: 'system', ownerId: dave.id }]);
});

it('groups of somebody who left are handed over by themselves after the time that is set', async () => {
  const security = await world.administrator('security-admin');
  await security.call('changePolicy', {
    params: { name: 'groups.hand_over' },
    body: {
      clientId: newId(),
      scope: { kind: 'installation', id: NIL_ID },
      value: { afterDays: 0 },
      baseVersion: 0,
      reason: 'a test',
    },
  });
  const group = await dave.createsGroup('a group', [alice]);
  await eventually('the time is known to every process', async () => {
    const { items } = await security.call('policies', {});
    return items.some(({ name, value }) => name === 'groups.hand_over' && value?.['afterDays'] === 0);
  });
  await leaves(dave);
  await eventually('it has another owner', async () => (await ownerOf(group, alice)) === alice.id, 30_000);
}, 60_000);
