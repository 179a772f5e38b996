import 'reflect-metadata';
import { join } from 'node:path';
import type { FirstAdministrator } from '#access';
import { startEmbeddedPostgres } from '#persistence';
import { claimDataFolder, run, type EmbeddedPart, type Settings } from '#platform';
import { startDemoDirectory } from './demo-directory.js';
import { SuiteModule } from './suite.module.js';
import { welcome } from './welcome.js';

let administrators: FirstAdministrator[] | undefined;

// Whoever started this process may be killed without a word; the channel to it closes all the same.
if (process.send) process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));

await run({
  name: 'suite',
  module: (settings) => SuiteModule.with(settings, administrators),
  clients: ['web', 'console'],
  prepare,
  ready: (settings, port) => process.stdout.write(welcome(settings, port, demo())),
});

/** What goes into a file or a journal instead of a terminal says no password. */
function demo() {
  if (!administrators) return 'no demo';
  return process.stdout.isTTY ? 'with passwords' : 'without';
}

/** What real installations bring, and a machine alone does not have: a database and a directory. */
async function prepare(given: Settings): Promise<{ settings: Settings; parts: EmbeddedPart[] }> {
  const parts: EmbeddedPart[] = [await claimDataFolder(given.CHANCERY_DATA)];
  const begin = async <Part extends EmbeddedPart>(part: Promise<Part>): Promise<Part> => {
    const begun = await part;
    parts.push(begun);
    return begun;
  };
  const data = given.CHANCERY_DATA;
  const [postgres, demo] = await Promise.allSettled([
    given.DATABASE_URL
      ? undefined
      : begin(
          startEmbeddedPostgres({
            folder: join(data, 'postgres'),
            logFile: join(data, 'logs', 'postgres.log'),
          }),
        ),
    given.LDAP_URL ? undefined : begin(startDemoDirectory(given)),
  ]);
  if (postgres.status === 'rejected' || demo.status === 'rejected') {
    for (const part of parts.toReversed()) await part.stop();
    throw postgres.status === 'rejected' ? postgres.reason : (demo as PromiseRejectedResult).reason;
  }
  administrators = demo.value?.administrators;
  const settings: Settings = {
    ...given,
    LOG_TO: given.LOG_TO ?? 'file',
    ...(postgres.value && { DATABASE_URL: postgres.value.url }),
    ...demo.value?.settings,
  };
  return { settings, parts };
}
