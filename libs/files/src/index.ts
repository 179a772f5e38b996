/**
 * Files: uploads that can be resumed, downloads by today's rights, bytes sealed by the owner's keys.
 *
 * Owns: the schema `files` and the bucket of files. Promises: what is acknowledged of an upload is stored; a file is
 * given only to its owner and to those who may now read a message that refers to it. Must not: know conversations;
 * it asks `FileReaders`.
 */
export { FilesApiModule, FilesJobsModule, FilesModule } from './files.module.js';
export { Files } from './files.service.js';
export { FileReaders, type SentPlace } from './readers.js';
