import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { newId } from '#contracts';
import { Quarantine, quarantineJob, quarantineJobOptions, type QuarantineJobData } from '#files';
import { Jobs } from '#persistence';
import { EventLogStore } from '../log/event-log.store.js';
import { ConversationsStore } from '../conversations/conversations.store.js';
import { MessageLog } from './message-log.js';

/** Tells conversations, each by one event of its log, that a file that was sent there is in quarantine. */
@Injectable()
export class QuarantineNotices implements OnApplicationBootstrap {
  constructor(
    private readonly jobs: Jobs,
    private readonly quarantine: Quarantine,
    private readonly store: ConversationsStore,
    private readonly log: EventLogStore,
    private readonly messageLog: MessageLog,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.define(quarantineJob, quarantineJobOptions);
    await this.jobs.work<QuarantineJobData>(quarantineJob, ({ fileId }) => this.tell(fileId));
  }

  private async tell(fileId: string): Promise<void> {
    const records = await this.store.transaction(async (tx) => {
      const places = await this.quarantine.toTell(tx, fileId);
      if (places.length === 0) return [];
      const conversations = await this.log.lock(
        tx,
        places.map(({ conversationId }) => conversationId),
      );
      return this.log.append(
        tx,
        conversations,
        places.map(({ conversationId, messageIds }) => ({
          conversationId,
          id: newId(),
          type: 'file.quarantined' as const,
          actorId: null,
          actorKind: 'system' as const,
          meta: { fileId, messageIds },
        })),
      );
    });
    this.messageLog.announce(records);
  }
}
