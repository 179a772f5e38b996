import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Entry } from 'ldapts';
import { fileTypeFromBuffer } from 'file-type';
import { BlobStore } from '#blobs';
import type { SyncProblem } from '#contracts';
import type { OpenSource } from '../sources/sources.service.js';
import { photoKey } from '../people/photo.js';
import { PhotosStore } from './photos.store.js';

const photoMaxBytes = 2 * 1024 * 1024;
const photoTypes = new Set(['image/jpeg', 'image/png']);
/** From so many on it is quicker to read all photos than one entry after the other. */
const manyPeople = 2000;

/** Photos of people. None of them is worth a failed synchronisation. */
@Injectable()
export class Photos {
  constructor(
    private readonly store: PhotosStore,
    private readonly blobs: BlobStore,
  ) {}

  /** Takes over the photos of these people, by the DN of their entries. @returns what could not be used */
  async take(source: OpenSource, idByDn: ReadonlyMap<string, string>): Promise<SyncProblem[]> {
    const { attributes, peopleBases, peopleFilter } = source.row.settings;
    const attribute = attributes.photo;
    if (attribute === '' || idByDn.size === 0) return [];
    const problems: SyncProblem[] = [];
    const take = async (entry: Entry | undefined, dn: string) => {
      const problem = await this.takeOne(idByDn.get(dn), photoOf(entry, attribute));
      if (problem) problems.push({ kind: 'photo.unusable', subject: dn, message: problem });
    };
    await source.directory.read(async (reader) => {
      if (idByDn.size < manyPeople) {
        for (const dn of idByDn.keys()) await take(await reader.one(dn, peopleFilter, [attribute]), dn);
        return;
      }
      const filter = `(&${peopleFilter}(${attribute}=*))`;
      for (const base of peopleBases) {
        await reader.pages(base, filter, [attribute], async (entries) => {
          for (const entry of entries) if (idByDn.has(entry.dn)) await take(entry, entry.dn);
        });
      }
    });
    return problems;
  }

  private async takeOne(
    personId: string | undefined,
    photo: Buffer | undefined,
  ): Promise<string | undefined> {
    if (personId === undefined) return undefined;
    if (!photo) {
      await this.store.remove(personId);
      return undefined;
    }
    const type = (await fileTypeFromBuffer(photo))?.mime ?? '';
    if (photo.length > photoMaxBytes)
      return `The photo has ${photo.length} bytes; ${photoMaxBytes} are the most.`;
    if (!photoTypes.has(type)) return 'The photo is not a JPEG or PNG.';
    const digest = createHash('sha256').update(photo).digest('hex').slice(0, 32);
    if (await this.store.has(personId, digest)) return undefined;
    await this.blobs.put('files', photoKey(digest), photo);
    await this.store.set(personId, digest, type);
    return undefined;
  }
}

function photoOf(entry: Entry | undefined, attribute: string): Buffer | undefined {
  const value = entry?.[attribute];
  const photo = Array.isArray(value) ? value[0] : value;
  return Buffer.isBuffer(photo) && photo.length > 0 ? photo : undefined;
}
