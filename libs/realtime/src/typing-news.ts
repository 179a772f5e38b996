import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { limits } from '#contracts';
import { Visibility } from '#messaging';
import { Hints } from '#persistence';
import { AppError, type Principal } from '#platform';
import { Registry } from './registry.js';

/** Tells the others of a small conversation that somebody is typing, on whichever process they are. Nothing is kept. */
@Injectable()
export class TypingNews implements OnApplicationBootstrap {
  constructor(
    private readonly visibility: Visibility,
    private readonly hints: Hints,
    private readonly registry: Registry,
  ) {}

  onApplicationBootstrap(): void {
    this.hints.subscribe('typing', (message) => {
      const [conversationId = '', personId = ''] = message.split(' ');
      for (const [connection] of this.registry.receiversOf(conversationId)) {
        if (connection.personId !== personId) connection.sendVolatile('typing', { conversationId, personId });
      }
    });
  }

  /** Nobody hears it where the person is no member, or the conversation is large. */
  async tell(by: Principal, conversationId: string): Promise<void> {
    try {
      const { memberCount } = await this.visibility.requireMember(by.id, conversationId);
      if (memberCount <= limits.smallConversation) this.hints.publish('typing', `${conversationId} ${by.id}`);
    } catch (error) {
      // Typing has no answer in which to refuse it.
      if (!(error instanceof AppError)) throw error;
    }
  }
}
