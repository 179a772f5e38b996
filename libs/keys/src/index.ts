/**
 * The key store and sealing.
 *
 * Owns: the folder of keys, outside the database and its backups. Promises: a key is durable before anything is
 * sealed with it; content is sealed by keys derived from a person's key and the key of the month it expires in.
 * Must not: know what it seals, or write a key anywhere unsealed.
 */
export {
  AccessKeys,
  AccessKeysModule,
  ContentKeysModule,
  DirectoryKeys,
  DirectoryKeysModule,
  RecordKeys,
  RecordKeysModule,
  ServiceSecret,
  ServiceSecretModule,
} from './keys.module.js';
export { Keys, permanentBucket, type ContentKeyRef } from './keys.service.js';
