import { Injectable } from '@nestjs/common';
import type { ClientEventAnswer, ClientEventInput, ClientEventName } from '#contracts';
import { Messages, Reading, Receipts, Sync } from '#messaging';
import type { Connection } from './connection.js';
import { PresenceNews } from './presence-news.js';
import { TypingNews } from './typing-news.js';

/** The answer, and what to do right after it was sent. */
interface Answered<N extends ClientEventName> {
  data: ClientEventAnswer<N>;
  afterwards?: () => void;
}

type Handlers = {
  [N in ClientEventName]: (connection: Connection, data: ClientEventInput<N>) => Promise<Answered<N>>;
};

/** What a socket may ask for, one method for each event of the contract. */
@Injectable()
export class ClientRequests {
  private readonly handlers: Handlers = {
    'message.send': async ({ principal }, { conversationId, ...request }) => ({
      data: (await this.messages.send(principal, conversationId, request)).ack,
    }),
    sync: (connection, request) => this.answerSync(connection, request),
    'events.pull': async ({ principal }, { conversationId, after, limit }) => ({
      data: await this.reading.eventsAfter(principal, conversationId, after, limit),
    }),
    'events.digest': async ({ principal }, { conversationId, fromSeq, toSeq }) => ({
      data: await this.reading.digest(principal, conversationId, fromSeq, toSeq),
    }),
    // Nothing here depends on what a device has stored yet; the report is checked and answered.
    'position.stored': async (_connection, { position }) => {
      this.sync.requirePosition(position);
      return { data: {} };
    },
    'read.mark': async ({ principal }, { conversationId, seq }) => {
      await this.receipts.mark(principal, conversationId, seq);
      return { data: {} };
    },
    'presence.watch': async (connection, { personIds }) => ({
      data: { items: await this.presence.watch(connection, personIds) },
    }),
    typing: async ({ principal }, { conversationId }) => {
      await this.typing.tell(principal, conversationId);
      return { data: undefined };
    },
  };

  constructor(
    private readonly messages: Messages,
    private readonly reading: Reading,
    private readonly receipts: Receipts,
    private readonly sync: Sync,
    private readonly presence: PresenceNews,
    private readonly typing: TypingNews,
  ) {}

  answer<N extends ClientEventName>(
    name: N,
    connection: Connection,
    data: ClientEventInput<N>,
  ): Promise<Answered<N>> {
    return this.handlers[name](connection, data);
  }

  /** The connection is registered already: everything new is sent while the page is read, so nothing falls between. */
  private async answerSync(
    connection: Connection,
    request: ClientEventInput<'sync'>,
  ): Promise<Answered<'sync'>> {
    connection.beginCatchingUp();
    const outcome = await this.sync.page(connection.principal, request);
    if ('reset' in outcome) {
      connection.send('sync.reset', { epoch: outcome.reset });
      return { data: { conversations: [], position: request.since!, more: false } };
    }
    const { answer, completeUpTo } = outcome;
    return {
      data: answer,
      ...(completeUpTo !== undefined && { afterwards: () => connection.endCatchingUp(completeUpTo) }),
    };
  }
}
