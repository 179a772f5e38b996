import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freePort, makeTestDatabase, ServedProcess, World, type Employee } from '#testing';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chancery-start-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a start that cannot succeed', () => {
  /** What is told on the terminal before the process ends with exit code 1. */
  async function complaint(environment: Record<string, string>): Promise<string> {
    const suite = new ServedProcess(
      'suite',
      { CHANCERY_DATA: join(folder, 'data'), PORT: '0', CHANCERY_DEMO_PEOPLE: '10', ...environment },
      folder,
      'suite',
    );
    await expect(suite.start()).rejects.toThrow('suite ended');
    expect(await suite.end()).toBe(1);
    return suite.lastWords();
  }

  it('says which port is taken, and how to choose another', async () => {
    const squatter: Server = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
    const database = await makeTestDatabase();
    const { port } = squatter.address() as AddressInfo;
    try {
      const said = await complaint({ PORT: String(port), DATABASE_URL: database.url });
      expect(said).toContain(`Port ${port} is taken`);
      expect(said).toContain('PORT=');
    } finally {
      squatter.close();
      await database.drop();
    }
  });

  it('says that the data folder cannot be written', async () => {
    await writeFile(join(folder, 'data'), 'a file where a folder belongs');
    expect(await complaint({})).toMatch(/data folder .* cannot be written .*CHANCERY_DATA=/s);
  });

  it('says what is wrong with DATABASE_URL, and never shows its password', async () => {
    const { port } = new URL(process.env['CHANCERY_TEST_POSTGRES']!);
    const nothingListens = await complaint({
      DATABASE_URL: `postgres://u:geheim@127.0.0.1:${await freePort()}/x`,
    });
    expect(nothingListens).toMatch(/The database cannot be used: nothing listens there\. Check DATABASE_URL/);
    const wrongPassword = await complaint({
      DATABASE_URL: `postgres://chancery:geheim@127.0.0.1:${port}/postgres`,
    });
    expect(wrongPassword).toContain('the password is wrong');
    expect(nothingListens + wrongPassword).not.toContain('geheim');
  });

  it('refuses data of a newer version and leaves it as it is', async () => {
    const database = await makeTestDatabase('nothing');
    try {
      await database.query('create table chancery_migrations (id serial, timestamp bigint, name text)');
      await database.query(`insert into chancery_migrations (timestamp, name) values (9, 'FromTheFuture9')`);
      const said = await complaint({ DATABASE_URL: database.url });
      expect(said).toMatch(/newer version of Chancery \(it has FromTheFuture9\)/);
      const [row] = await database.query<{ count: string }>('select count(*) from chancery_migrations');
      expect(row!.count).toBe('1');
    } finally {
      await database.drop();
    }
  });

  it('names every fault of the settings at once', async () => {
    const said = await complaint({ PORT: 'many', LDAP_URL: 'http://nowhere', LOG_LEVEL: 'loud' });
    for (const name of ['PORT', 'LDAP_URL', 'LOG_LEVEL']) expect(said).toContain(`  ${name}: `);
  });
});

describe('an installation that runs', () => {
  it('keeps a second process away from its data, and stops within ten seconds on SIGTERM', async () => {
    const world = await World.start();
    try {
      const second = new ServedProcess(
        'suite',
        { CHANCERY_DATA: world.data, PORT: '0', DATABASE_URL: world.database!.url },
        folder,
        'second',
      );
      await expect(second.start()).rejects.toThrow('is in use by process');
      const begun = performance.now();
      expect(await world.main.end('SIGTERM')).toBe(0);
      expect(performance.now() - begun).toBeLessThan(10_000);
      // The folder is free again.
      await world.main.start();
    } finally {
      await world.stop();
    }
  }, 60_000);

  it('goes on with a PostgreSQL that survived its process, and with people as they were', async () => {
    const world = await World.start({ ownPostgres: true });
    try {
      const [alice, bob] = (await world.signIn(2)) as [Employee, Employee];
      const chat = await alice.opensDirect(bob);
      await alice.sends(chat, 'before');
      // Only the suite dies: its PostgreSQL goes on without it and is ended by the next start.
      await world.main.end('SIGKILL');
      await world.main.start();
      await alice.sends(chat, 'after');
      await bob.device.sees(chat, 'after');
      expect(bob.device.texts(chat)).toEqual(['before', 'after']);
    } finally {
      await world.stop();
    }
  }, 60_000);

  it('lives beside another with its own data and port', async () => {
    const worlds = await Promise.all([World.start(), World.start()]);
    try {
      const people = await Promise.all(worlds.map((world) => world.signIn(1)));
      const [here, there] = people.map(([one]) => one!) as [Employee, Employee];
      expect(here.account.password).not.toBe(there.account.password);
    } finally {
      await Promise.all(worlds.map((world) => world.stop()));
    }
  }, 60_000);

  it('keeps its secrets to its owner', async () => {
    const world = await World.start();
    try {
      for (const name of ['demo-accounts.json', 'keys/service.secret']) {
        expect((await stat(join(world.data, name))).mode & 0o077).toBe(0);
      }
      const [alice, bob] = (await world.signIn(2)) as [Employee, Employee];
      const secret = `unmistakable-${alice.id}`;
      const chat = await alice.opensDirect(bob);
      await alice.sends(chat, secret);
      await bob.device.sees(chat, secret);
      const out = await readFile(join(world.data, 'suite-0.out'), 'utf8');
      for (const word of [secret, alice.account.password]) expect(out).not.toContain(word);
      const found = await world.database!.query(
        `select from messaging.content where position(convert_to($1, 'UTF8') in sealed) > 0`,
        [secret],
      );
      expect(found).toHaveLength(0);
    } finally {
      await world.stop();
    }
  }, 60_000);
});
