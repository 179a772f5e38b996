import { readEpoch, renewEpoch } from '#persistence';
import { readSettings } from '#platform';
import { asOwner, withDatabase } from './with-database.js';

/** Tells every device that the log is not the one it followed. */
export async function restored(): Promise<void> {
  const { before, after } = await withDatabase(readSettings(), (url) =>
    asOwner(url, async (database) => {
      const before = await readEpoch(database);
      await renewEpoch(database, before);
      return { before, after: await readEpoch(database) };
    }),
  );
  process.stdout.write(
    `The logs have a new epoch, ${after}; it was ${before}. Every device compares what it has with the service when it ` +
      'connects, and sends again what its owner wrote and the service no longer has.\n',
  );
}
