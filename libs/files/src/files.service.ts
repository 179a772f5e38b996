import { Inject, Injectable } from '@nestjs/common';
import type { FileInfo } from '#contracts';
import type { Transaction } from '#persistence';
import { AppError, SETTINGS, type Settings } from '#platform';
import type { ReferenceRow } from './file.entity.js';
import { infoOf } from './file.js';
import { FilesStore } from './files.store.js';

/** What can be said of a file somebody wants to send; a refusal where it cannot be sent. */
export type Sendable = FileInfo | AppError;

interface Wanted {
  ownerId: string;
  fileId: string;
  conversationId: string;
}

/** Files as messaging refers to them. */
@Injectable()
export class Files {
  constructor(
    private readonly store: FilesStore,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Files their owners want to send, in the order of asking. Refusals: `file.not_found` also where it is somebody
   * else's, `file.not_ready`, `file.infected`, `file.quota_exceeded`.
   */
  async sendable(wanted: Wanted[]): Promise<Sendable[]> {
    if (wanted.length === 0) return [];
    const rows = await this.store.findMany(wanted.map(({ fileId }) => fileId));
    const files = new Map(rows.map((file) => [`${file.ownerId} ${file.id}`, file]));
    const sent = await this.bytesSent(wanted);
    return wanted.map(({ ownerId, fileId, conversationId }) => {
      const file = files.get(`${ownerId} ${fileId}`);
      if (!file) return new AppError('file.not_found');
      if (file.state !== 'ready') return new AppError('file.not_ready');
      if (file.scan === 'infected') return new AppError('file.infected');
      const maxBytes = this.settings.FILE_BYTES_PER_CONVERSATION;
      const bytes = (sent.get(conversationId) ?? 0) + file.size;
      if (maxBytes !== undefined && bytes > maxBytes) {
        return new AppError('file.quota_exceeded', { details: { maxBytes } });
      }
      // Several of one batch add up.
      sent.set(conversationId, bytes);
      return infoOf(file);
    });
  }

  /** Written in the transaction that sends: from its commit on, the readers of the message may have the file. */
  refer(tx: Transaction, references: ReferenceRow[]): Promise<void> {
    return references.length === 0 ? Promise.resolve() : this.store.refer(tx, references);
  }

  private async bytesSent(wanted: Wanted[]): Promise<Map<string, number>> {
    if (this.settings.FILE_BYTES_PER_CONVERSATION === undefined) return new Map();
    return this.store.bytesSent([...new Set(wanted.map(({ conversationId }) => conversationId))]);
  }
}
