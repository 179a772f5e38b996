/**
 * A world for tests: an installation of the product as it is built, and people who use it through the SDK.
 *
 * Owns: what it starts, and ends it. Promises: nothing of the product is replaced; waiting is for conditions, never
 * for time. Must not: be part of the product.
 */
export { ClamdServer, eicar } from './clamd-server.js';
export { BindRelay } from './bind-relay.js';
export { chancery, chancerySays } from './command-line.js';
export { CuttingProxy } from './cutting-proxy.js';
export { DatabasePair } from './database-pair.js';
export { drawing } from './drawing.js';
export { eventually } from './eventually.js';
export { NatsServer } from './nats-server.js';
export { ldapSearch, type FoundEntry } from './ldap-search.js';
export { logFaults, noFaults } from './log-faults.store.js';
export { makeMigratedDatabase, openModules, type MigratedDatabase } from './migrated-database.js';
export { LoopDisk } from './loop-disk.js';
export { MinioServer } from './minio-server.js';
export { ModelService, type ModelConnection } from './model-service.js';
export { Nginx } from './nginx.js';
export { OwnPostgres } from './own-postgres.store.js';
export { Employee, messagesOf, type Account, type Device } from './person.js';
export { TestProxy } from './proxy.js';
export {
  ScriptedDirectory,
  scriptedAccount,
  scriptedBase,
  type ScriptedController,
  type ScriptedEntry,
} from './scripted-directory.js';
export { ReadingRelay, type ReadFault } from './reading-relay.js';
export { OfficeLife } from './office-life.js';
export { officeServers } from './office-servers.js';
export { readOffice, type Office } from './office-truth.js';
export { SamlProvider, type SamlAnswer } from './saml-provider.js';
export { SambaServer } from './samba-server.js';
export { ServedProcess, type Environment } from './served-process.js';
export { SlapdServer } from './slapd-server.js';
export { TcpRelay } from './tcp-relay.js';
export {
  makeTemplate,
  makeTestDatabase,
  openSession,
  queryOnce,
  type DatabaseSession,
  type TestDatabase,
} from './test-database.store.js';
export { freePort, World, type Network, type Topology, type WorldOptions } from './world.js';
export { Traffic } from './traffic.js';
export { TroubledProxy, type Trouble } from './troubled-proxy.js';
export { VariedBuild, type Variation } from './varied-build.js';
