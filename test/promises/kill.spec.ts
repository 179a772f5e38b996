import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { MemoryStore } from '#client';
import { eventually, messagesOf, World, type Employee } from '#testing';

let world: World;
let alice: Employee;
let bob: Employee;

beforeAll(async () => {
  world = await World.start({ ownPostgres: true });
  [alice, bob] = (await world.signIn(2)) as [Employee, Employee];
}, 60_000);
afterAll(() => world?.stop(), 30_000);

/** Kills the suite and its PostgreSQL, to the last process. */
function killEverything(): void {
  const postmaster = Number(
    readFileSync(join(world.data, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0],
  );
  const backends = execFileSync('ps', ['-o', 'pid=', '--ppid', String(postmaster)], { encoding: 'utf8' });
  for (const pid of [world.main.pid!, postmaster, ...backends.trim().split(/\s+/).map(Number)]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      // A backend may end by itself once its postmaster is gone.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

it('what was acknowledged is there once, in order, after everything is killed at once, again and again', async () => {
  const chat = await alice.opensDirect(bob);
  const acknowledged: string[] = [];
  for (let round = 0; round < 3; round += 1) {
    const sending = Array.from({ length: 40 }, (_, i) => alice.sends(chat, `round ${round} message ${i}`));
    for (const send of sending)
      void send.then(
        ({ messageId }) => acknowledged.push(messageId),
        () => {},
      );
    const before = acknowledged.length;
    await eventually('some are acknowledged', () => acknowledged.length >= before + 5);
    killEverything();
    await world.killAndRestart();
    // The outbox sends again what was not acknowledged, under the same ids.
    await Promise.all(sending);
  }
  const fresh = await bob.signsIn({ store: () => new MemoryStore() });
  await eventually('everything arrives', () => messagesOf(fresh.log(chat)).length >= 120);
  const stored = messagesOf(fresh.log(chat));
  expect(stored).toHaveLength(120);
  expect(new Set(stored.map(({ clientId }) => clientId)).size).toBe(120);
  expect(stored.map(({ messageId }) => messageId)).toEqual(expect.arrayContaining(acknowledged));
  expect(fresh.log(chat).map(({ seq }) => seq)).toEqual(Array.from({ length: 121 }, (_, i) => i + 1));
  expect(fresh.texts(chat)).toEqual(
    Array.from({ length: 120 }, (_, n) => `round ${Math.floor(n / 40)} message ${n % 40}`),
  );
}, 120_000);
