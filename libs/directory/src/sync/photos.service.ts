import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Entry } from 'ldapts';
import { fileTypeFromBuffer } from 'file-type';
import { BlobStore } from '#blobs';
import type { SyncProblem } from '#contracts';
import type { DirectoryReader } from '../ldap/ldap-directory.js';
import { externalIdOf, identityFilter, identityOf } from '../ldap/mapping.js';
import type { OpenSource } from '../sources/sources.service.js';
import { photoKey } from '../people/photo.js';
import { ChangesStore } from './changes.store.js';
import { PhotosStore } from './photos.store.js';

const photoMaxBytes = 2 * 1024 * 1024;
const photoTypes = new Set(['image/jpeg', 'image/png']);
/** People who are asked for together. */
const askedAtOnce = 100;
/** From so many on it is quicker to read all photos than one entry after the other. */
const manyPeople = 2000;

type Take = (entry: Entry | undefined, dn: string, personId: string | undefined) => Promise<void>;

/** Photos of people. None of them is worth a failed synchronisation. */
@Injectable()
export class Photos {
  constructor(
    private readonly store: PhotosStore,
    private readonly changes: ChangesStore,
    private readonly blobs: BlobStore,
  ) {}

  /** Takes over the photos of the people whom a run has changed. @returns what could not be used */
  async take(source: OpenSource, runId: string): Promise<SyncProblem[]> {
    if (source.row.settings.attributes.photo === '') return [];
    const count = await this.changes.photosDueCount(runId);
    if (count === 0) return [];
    const problems: SyncProblem[] = [];
    const take = async (entry: Entry | undefined, dn: string, personId: string | undefined) => {
      const problem = await this.takeOne(personId, photoOf(entry, source.row.settings.attributes.photo));
      if (problem) problems.push({ kind: 'photo.unusable', subject: dn, message: problem });
    };
    await source.directory.read((reader) =>
      count < manyPeople
        ? this.takeDue({ source, reader, runId }, take)
        : this.takeAll({ source, reader }, take),
    );
    return problems;
  }

  private async takeDue(
    { source, reader, runId }: { source: OpenSource; reader: DirectoryReader; runId: string },
    take: Take,
  ): Promise<void> {
    const { settings } = source.row;
    const due = await this.changes.photosDue(runId);
    const without = new Map(due.map(({ externalId, id }) => [externalId, id]));
    for (let at = 0; at < due.length; at += askedAtOnce) {
      const asked = due.slice(at, at + askedAtOnce);
      const isOne = asked.map(({ externalId }) => identityFilter(externalId, settings)).join('');
      await this.eachPhoto({ source, reader }, `(|${isOne})`, async (entries) => {
        for (const entry of entries) {
          const externalId = externalIdOf(entry, settings) ?? '';
          await take(entry, entry.dn, without.get(externalId));
          without.delete(externalId);
        }
      });
    }
    await this.store.remove([...without.values()]);
  }

  /** Whose photo is the same is soon seen. */
  private async takeAll(
    { source, reader }: { source: OpenSource; reader: DirectoryReader },
    take: Take,
  ): Promise<void> {
    const { settings, id: sourceId } = source.row;
    await this.eachPhoto({ source, reader }, '', async (entries) => {
      const identity = (entry: Entry) => externalIdOf(entry, settings) ?? '';
      const ids = await this.store.idsOf(sourceId, entries.map(identity));
      for (const entry of entries) await take(entry, entry.dn, ids.get(identity(entry)));
    });
  }

  /** @param condition whose photos, as a filter */
  private async eachPhoto(
    { source, reader }: { source: OpenSource; reader: DirectoryReader },
    condition: string,
    handle: (entries: Entry[]) => Promise<void>,
  ): Promise<void> {
    const { settings } = source.row;
    const { photo } = settings.attributes;
    const filter = `(&${settings.peopleFilter}(${photo}=*)${condition})`;
    for (const base of settings.peopleBases) {
      await reader.pages(base, filter, [photo, identityOf(settings)], handle);
    }
  }

  private async takeOne(
    personId: string | undefined,
    photo: Buffer | undefined,
  ): Promise<string | undefined> {
    if (personId === undefined) return undefined;
    if (!photo) {
      await this.store.remove([personId]);
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
