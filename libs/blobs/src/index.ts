/**
 * Bytes in S3 or on disk, sealed in chunks that can be opened from any place.
 *
 * Owns: the two buckets. Promises: an object is there whole or not at all; a chunk opens only at its own place.
 * Must not: know what a file is, or who may have it.
 */
export {
  BlobMissing,
  BlobStore,
  PartsLost,
  type BlobPart,
  type Bucket,
  type StoreAbilities,
} from './blob-store.js';
export { BlobsModule, chooseStore } from './blobs.module.js';
export { chunkBytes, OpenedBytes, sealBytes, SealedPart, sealedRange, sealedSize } from './sealed-bytes.js';
