import { Injectable } from '@nestjs/common';
import type { FileInfo } from '#contracts';
import type { Transaction } from '#persistence';
import type { ReferenceRow } from './file.entity.js';
import { infoOf } from './file.js';
import { FilesStore } from './files.store.js';

/** Files as messaging refers to them. */
@Injectable()
export class Files {
  constructor(private readonly store: FilesStore) {}

  /** Finished files of these people, by id: who sends a file must have uploaded it. */
  async sendable(wanted: { ownerId: string; fileId: string }[]): Promise<Map<string, FileInfo>> {
    if (wanted.length === 0) return new Map();
    const files = await this.store.findMany(wanted.map(({ fileId }) => fileId));
    const owners = new Map(wanted.map(({ ownerId, fileId }) => [fileId, ownerId]));
    return new Map(
      files
        .filter(({ id, ownerId, state }) => owners.get(id) === ownerId && state === 'ready')
        .map((file) => [file.id, infoOf(file)]),
    );
  }

  /** Written in the transaction that sends: from its commit on, the readers of the message may have the file. */
  refer(tx: Transaction, references: ReferenceRow[]): Promise<void> {
    return references.length === 0 ? Promise.resolve() : this.store.refer(tx, references);
  }
}
