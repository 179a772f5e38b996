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

  /**
   * Files their owners want to send, in the order of asking: what is known of each, null where its upload is not
   * finished, undefined where this person has no such file.
   */
  async sendable(wanted: { ownerId: string; fileId: string }[]): Promise<(FileInfo | null | undefined)[]> {
    if (wanted.length === 0) return [];
    const rows = await this.store.findMany(wanted.map(({ fileId }) => fileId));
    const files = new Map(rows.map((file) => [`${file.ownerId} ${file.id}`, file]));
    return wanted.map(({ ownerId, fileId }) => {
      const file = files.get(`${ownerId} ${fileId}`);
      return file && (file.state === 'ready' ? infoOf(file) : null);
    });
  }

  /** Written in the transaction that sends: from its commit on, the readers of the message may have the file. */
  refer(tx: Transaction, references: ReferenceRow[]): Promise<void> {
    return references.length === 0 ? Promise.resolve() : this.store.refer(tx, references);
  }
}
