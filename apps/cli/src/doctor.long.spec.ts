import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmbeddedPostgres } from '#persistence';
import { chancery, DatabasePair, makeTestDatabase, ServedProcess, World, type TestDatabase } from '#testing';

const doctor = (environment: Record<string, string>) => chancery(['doctor'], environment);

describe('the doctor', () => {
  let world: World;
  const look = () => doctor({ CHANCERY_DATA: world.data, DATABASE_URL: world.database!.url });
  const nameOf = ({ url }: TestDatabase) => new URL(url).pathname.slice(1);

  beforeAll(async () => {
    world = await World.start();
  }, 60_000);
  afterAll(() => world?.stop(), 30_000);

  it('finds everything right where it is', async () => {
    const { said, code } = await look();
    expect(said).not.toContain('WRONG');
    expect(said).toContain('commits of the user chancery survive a power cut');
    expect(said).toMatch(/right {2}files lie in the folder .*\/blobs: parts, ranges, no versions, no locks/);
    expect(said).toContain('3 months after this one are ready');
    expect(code).toBe(0);
  });

  it.each(['off', 'local', 'remote_write'])(
    'finds synchronous_commit = %s of the database',
    async (value) => {
      const database = world.database!;
      await database.query(`alter database ${nameOf(database)} set synchronous_commit = ${value}`);
      try {
        const { said, code } = await look();
        expect(said).toContain(`WRONG  synchronous_commit is ${value} for the user chancery. It must be on`);
        expect(code).toBe(1);
      } finally {
        await database.query(`alter database ${nameOf(database)} reset synchronous_commit`);
      }
    },
  );

  it('finds months that are not ready', async () => {
    const parts = await world.database!.query<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'messaging.event'::regclass order by 1`,
    );
    for (const { name } of parts.slice(-2)) await world.database!.query(`drop table ${name}`);
    const { said, code } = await look();
    expect(said).toContain('WRONG  1 months after this one are ready');
    expect(code).toBe(1);
    await world.main.end();
    await world.main.start();
    expect((await look()).code).toBe(0);
  });

  it('finds a data folder that others can look into', async () => {
    await chmod(world.data, 0o755);
    const { said, code } = await look();
    expect(said).toContain(`WRONG  others can look into ${world.data}. Run: chmod go= ${world.data}`);
    expect(code).toBe(1);
    await chmod(world.data, 0o700);
  });

  it('finds a standby that no commit waits for, and a synchronous one that is gone', async () => {
    const pair = await DatabasePair.start();
    try {
      const lookAtPair = () => doctor({ CHANCERY_DATA: world.data, DATABASE_URL: pair.url });
      expect((await lookAtPair()).said).toMatch(
        /WRONG {2}1 standby is connected, but no commit waits for it/,
      );
      await pair.waitForStandby(true);
      expect((await lookAtPair()).said).toContain('right  commits wait for a synchronous standby');
      pair.cutReplication();
      expect((await lookAtPair()).said).toMatch(/WRONG {2}commits wait .* but none is connected/);
    } finally {
      await pair.stop();
    }
  }, 90_000);
});

describe('a start on a database that would lose what was acknowledged', () => {
  /** What is told before the process ends with exit code 1. */
  async function complaint(url: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'chancery-start-'));
    try {
      const settings = {
        CHANCERY_DATA: join(folder, 'data'),
        PORT: '0',
        DATABASE_URL: url,
        CHANCERY_DEMO_PEOPLE: '10',
      };
      const suite = new ServedProcess('suite', settings, folder, 'suite');
      await expect(suite.start()).rejects.toThrow('suite ended');
      expect(await suite.end()).toBe(1);
      return suite.lastWords();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  it.each(['fsync', 'full_page_writes'])(
    'is refused with %s = off, and says what to do',
    async (setting) => {
      const folder = await mkdtemp(join(tmpdir(), 'chancery-careless-'));
      const server = await startEmbeddedPostgres({
        folder: join(folder, 'postgres'),
        logFile: join(folder, 'postgres.log'),
        parameters: { [setting]: 'off', shared_buffers: '32MB' },
      });
      try {
        expect(await complaint(server.url)).toContain(
          `${setting} is off. Set ${setting} = on in postgresql.conf`,
        );
      } finally {
        await server.stop();
        await rm(folder, { recursive: true, force: true });
      }
    },
    60_000,
  );

  it('is refused with synchronous_commit = off for the database, and says where to look', async () => {
    const database = await makeTestDatabase();
    try {
      const name = new URL(database.url).pathname.slice(1);
      await database.query(`alter database ${name} set synchronous_commit = off`);
      expect(await complaint(database.url)).toMatch(
        /synchronous_commit is off for the user chancery\. It must be on/,
      );
    } finally {
      await database.drop();
    }
  }, 60_000);
});
