import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { idBytes, type SentBody } from '#contracts';
import { Keys } from '#keys';
import { cryptoSuite, logger } from '#platform';
import type { MessageContent, SealedContent, StoredContent } from './event.js';

const log = logger('messaging');
const saltBytes = 16;

/** Seals what people write before it is stored, and opens it for those who may read it. */
@Injectable()
export class Contents {
  constructor(private readonly keys: Keys) {}

  /** Sees to the keys of a batch, durably, before its transaction begins. */
  ensureKeys(refs: { ownerId: string; bucket: string }[]): Promise<void> {
    return this.keys.ensure(refs);
  }

  seal(ownerId: string, bucket: string, messageId: string, version: number, body: SentBody): SealedContent {
    // JSON escapes lone surrogates, which UTF-8 could not carry, so that every text survives.
    const plain = Buffer.from(JSON.stringify(body), 'utf8');
    const salt = randomBytes(saltBytes);
    return {
      messageId,
      version,
      bucket,
      ownerId,
      salt,
      sealed: this.keys.seal({ ownerId, bucket }, plain, contextOf(messageId, version)),
      commitment: cryptoSuite.hash(salt, plain),
    };
  }

  /** Opens what was stored, by message id. What cannot be opened counts as expired, and is reported. */
  async open(stored: StoredContent[]): Promise<Map<string, MessageContent>> {
    await this.keys.refresh(stored);
    return new Map(stored.map((content) => [content.messageId, this.openOne(content)]));
  }

  private openOne(content: StoredContent): MessageContent {
    try {
      const plain = this.keys.open(content, content.sealed, contextOf(content.messageId, content.version));
      return { body: JSON.parse(plain.toString('utf8')) as SentBody };
    } catch (err) {
      log.error({ err, messageId: content.messageId }, 'a message cannot be opened');
      return { state: 'expired' };
    }
  }
}

function contextOf(messageId: string, version: number): Buffer {
  const context = Buffer.alloc(20);
  context.set(idBytes(messageId));
  context.writeUInt32BE(version, 16);
  return context;
}
