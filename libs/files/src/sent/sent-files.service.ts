import { Injectable } from '@nestjs/common';
import type { SentFile } from '#contracts';
import { AppError } from '#platform';
import { infoOf } from '../file.js';
import { FileReaders } from '../readers.js';
import { ScanRules } from '../scan/scan-rules.js';
import { SentFilesStore, type SentFilter } from './sent-files.store.js';

type Wanted = Omit<SentFilter, 'afterSeq' | 'beforeSeq'> & { beforeSeq: number | undefined };

/** Files of a conversation, for those who may read the messages that brought them. */
@Injectable()
export class SentFiles {
  constructor(
    private readonly store: SentFilesStore,
    private readonly readers: FileReaders,
    private readonly rules: ScanRules,
  ) {}

  /** Latest first. Throws `conversation.not_a_member`. */
  async list(personId: string, { beforeSeq, ...wanted }: Wanted): Promise<SentFile[]> {
    const visible = await this.readers.visible(personId, wanted.conversationId);
    if (!visible) throw new AppError('conversation.not_a_member');
    const end = visible.lastSeq + 1;
    const rows = await this.store.list({
      ...wanted,
      afterSeq: visible.afterSeq,
      beforeSeq: Math.min(beforeSeq ?? end, end),
    });
    return rows.map((row) => ({
      ...infoOf(row),
      ...this.rules.shown(row),
      id: row.id,
      messageId: row.messageId,
      seq: row.seq,
      ownerId: row.ownerId,
      uploadedAt: row.createdAt.toISOString(),
    }));
  }
}
