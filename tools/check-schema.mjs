import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { migrate, openDataSource, startEmbeddedPostgres } from '#persistence';
import { root } from './root.mjs';

// What TypeORM would still change in a database that the migrations have made: nothing, or one of the two is wrong.
const differences = await withPostgres(async (url) => {
  await migrate(url);
  await loadEntities();
  const source = await openDataSource({ url, pool: 2, name: 'chancery schema check' }).initialize();
  try {
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query);
  } finally {
    await source.destroy();
  }
});

if (differences.length > 0) {
  process.stdout.write(`The entities say otherwise than the migrations:\n  ${differences.join('\n  ')}\n`);
  process.exitCode = 1;
}

async function withPostgres(work) {
  const folder = await mkdtemp(join(tmpdir(), 'chancery-schema-'));
  try {
    const postgres = await startEmbeddedPostgres({
      folder: join(folder, 'postgres'),
      logFile: join(folder, 'postgres.log'),
      parameters: { shared_buffers: '32MB' },
    });
    try {
      return await work(postgres.url);
    } finally {
      await postgres.stop();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The data source takes every entity class that has been loaded. */
async function loadEntities() {
  const folder = join(root, 'dist', 'libs');
  const paths = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.entity.js'));
  await Promise.all(paths.map((path) => import(pathToFileURL(join(folder, path)).href)));
}
