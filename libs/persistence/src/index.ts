/**
 * PostgreSQL: connections by role, transactions, migrations, log positions, following a log, hints, locks, and the
 * embedded server.
 *
 * Owns: the schema `persistence` (heads of the logs, epoch, stored positions of readers). Promises: a position is
 * never seen later than a greater one; a follower misses nothing, whatever becomes of hints. Must not: know what is
 * in a log.
 */
export {
  asNumber,
  Database,
  isUniqueViolation,
  openDataSource,
  Transaction,
  type DatabaseRole,
} from './database.js';
export { decodeCursor, toPage } from './cursor.js';
export {
  findEmbeddedPostgres,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from './embedded/embedded-postgres.js';
export { examineCommits, examineServer, type Finding } from './examination.js';
export { Follower, type Stretch } from './follower.js';
export { Hints, type HintTopic } from './hints/hints.js';
export { Jobs } from './jobs.js';
export { withLock } from './lock.store.js';
export { LogWatch } from './log-watch.js';
export { migrate } from './migrate.js';
export { PersistenceModule } from './persistence.module.js';
export {
  isInstalled,
  readEpoch,
  readHead,
  renewEpoch,
  storedPosition,
  storePosition,
  takePositions,
  type TakenPositions,
} from './positions.store.js';
export { Replicated } from './replicated.js';
