import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Client } from 'minio';

const header = 'x-amz-checksum-crc32';

/** The header by which a server checks what arrives. */
export const checksumOf = (content: Uint8Array): Record<string, string> => headerOf(crc32(content));

function headerOf(checksum: number): Record<string, string> {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(checksum);
  return { [header]: bytes.toString('base64') };
}

/** Whether a server takes a part with the right checksum, and refuses one with a wrong one; many do not look. */
export async function looksAtChecksums(client: Client, bucket: string): Promise<boolean> {
  const key = `probe-${randomUUID()}`;
  const content = Buffer.from(key);
  const upload = await client.initiateNewMultipartUpload(bucket, key, {});
  const isTaken = (headers: Record<string, string>) =>
    client
      .uploadPart({ bucketName: bucket, objectName: key, uploadID: upload, partNumber: 1, headers }, content)
      .then(
        () => true,
        () => false,
      );
  try {
    const wrong = (crc32(content) ^ 1) >>> 0;
    return (await isTaken(checksumOf(content))) && !(await isTaken(headerOf(wrong)));
  } finally {
    await client.abortMultipartUpload(bucket, key, upload).catch(() => {});
  }
}
