import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';
import type { FileRow } from '../file.entity.js';

/** References of a conversation that one page looks through. */
const mostLookedThrough = 10_000;

export interface SentFilter {
  conversationId: string;
  afterSeq: number;
  /** Only files of messages before this one. */
  beforeSeq: number;
  kind: 'image' | 'other' | undefined;
  name: string | undefined;
  limit: number;
}

export type SentRow = Pick<
  FileRow,
  'id' | 'ownerId' | 'name' | 'size' | 'mediaType' | 'width' | 'height' | 'createdAt' | 'state' | 'scan'
> & { messageId: string; seq: number };

@Injectable()
export class SentFilesStore {
  constructor(private readonly database: Database) {}

  /** Latest first. */
  list({ conversationId, afterSeq, beforeSeq, kind, name, limit }: SentFilter): Promise<SentRow[]> {
    return this.database.query<SentRow>(
      `select f.id, f.owner_id as "ownerId", f.name, f.size, f.media_type as "mediaType", f.width, f.height,
              f.created_at as "createdAt", f.state, f.scan, r.message_id as "messageId", r.seq
         from (select file_id, message_id, seq from files.reference
                where conversation_id = $1 and seq > $2 and seq < $3 order by seq desc limit $7) r
         join files.file f on f.id = r.file_id
        where ($4::boolean is null or (f.media_type like 'image/%') = $4)
          and ($5::text is null or strpos(lower(f.name), lower($5)) > 0)
        order by r.seq desc limit $6`,
      [
        conversationId,
        afterSeq,
        beforeSeq,
        kind === undefined ? null : kind === 'image',
        name ?? null,
        limit,
        mostLookedThrough,
      ],
    );
  }
}
