import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '#persistence';
import { makeTemplate } from '#testing';

declare global {
  /** Ends what the run started; set by the setup, called by the teardown. */
  var endSurroundings: (() => Promise<void>) | undefined;
}

/**
 * Starts one PostgreSQL for the whole run and names it in CHANCERY_TEST_POSTGRES, as a superuser: each test file makes
 * a database of its own in it. The server and its data are gone when the run ends.
 */
export default async function setUp(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'chancery-test-'));
  const removeFolder = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const postgres = await startEmbeddedPostgres({
      folder: join(folder, 'postgres'),
      logFile: join(folder, 'postgres.log'),
      parameters: { max_connections: '400', shared_buffers: '128MB' },
    });
    await makeTemplate(postgres.url);
    process.env['CHANCERY_TEST_POSTGRES'] = postgres.url;
    globalThis.endSurroundings = async () => {
      await postgres.stop();
      await removeFolder();
    };
  } catch (error) {
    await removeFolder();
    throw error;
  }
  // An interrupted run has no teardown.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void globalThis.endSurroundings?.().finally(() => process.exit(1)));
  }
}
