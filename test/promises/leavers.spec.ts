import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newId } from '#contracts';
import { eventually, World, type Employee } from '#testing';

let world: World;
let alice: Employee;
let bob: Employee;

beforeAll(async () => {
  world = await World.start({ topology: 'several' });
  [alice, bob] = (await world.signIn(2)) as [Employee, Employee];
}, 60_000);
afterAll(() => world?.stop(), 30_000);

it('whoever the directory disables is signed out everywhere and told why they cannot come back', async () => {
  const admin = await world.administrator('system-admin');
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
  const admin = await world.administrator('system-admin');
  const [first] = (await admin.call('syncRuns', { query: {} })).items.toReversed();
  expect(first).toMatchObject({
    state: 'done',
    counts: { peopleAdded: 60, peopleDisabled: 0 },
    problems: [],
  });
});
