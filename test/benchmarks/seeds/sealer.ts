import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Keys } from '#keys';
import { installationFolder } from '#platform';

interface Sealed {
  salt: Buffer;
  sealed: Buffer;
  commitment: Buffer;
}

/** What the product seals with. */
interface Contents {
  ensureKeys(refs: { ownerId: string; bucket: string }[]): Promise<void>;
  seal(ownerId: string, bucket: string, messageId: string, version: number, body: object): Sealed;
}

/**
 * Seals as the product does, by its own code, so that what is seeded can be read. Its makers are no part of their
 * libraries' doors: nobody but the product has a reason to seal.
 *
 * @param data folder of an installation in which nobody sends meanwhile
 */
export async function openSealer(data: string): Promise<Contents> {
  const { KeyFile } = (await fromDist('keys/src/key-file.js')) as {
    KeyFile: { open(folder: string, scope: string): Promise<ConstructorParameters<typeof Keys>[0]> };
  };
  const { Contents } = (await fromDist('messaging/src/log/content.service.js')) as {
    Contents: new (keys: Keys) => Contents;
  };
  const file = await KeyFile.open(join(data, 'keys'), 'content');
  return new Contents(new Keys(file, (work) => work()));
}

const fromDist = (path: string): Promise<unknown> =>
  import(pathToFileURL(join(installationFolder, 'dist/libs', path)).href);
