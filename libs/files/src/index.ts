/**
 * Files: uploads that can be resumed, downloads by today's rights, bytes sealed by the owner's keys.
 *
 * Owns: the schema `files` and the bucket of files. Promises: what is acknowledged of an upload is stored; a file is
 * given only to its owner and to those who may now read a message that refers to it; with a scanner, nobody gets what
 * was not found clean. Must not: know conversations; it asks `FileReaders`.
 */
export { FilesAdminModule, FilesApiModule, FilesJobsModule, FilesModule } from './files.module.js';
export { Files, type Sendable } from './files.service.js';
export { FilePoliciesModule } from './file-policies.js';
export { FileReaders, type SentPlace } from './readers.js';
export {
  Quarantine,
  quarantineJob,
  quarantineJobOptions,
  type QuarantineJobData,
} from './scan/quarantine.service.js';
export { Upkeep, type Discrepancy, type Garbage } from './upkeep.js';
export { UpkeepStore } from './upkeep.store.js';
