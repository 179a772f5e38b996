import type { EventOf, MessageBody, SentBody, SyncedConversation } from '#contracts';
import type { Logs } from './logs.js';
import type { Draft } from './outbox.js';
import type { ClientStore } from './store.js';

/** Events read at once where own messages are looked for. */
const pageEvents = 500;

interface ReconciliationParts {
  logs: Logs;
  userId: string | undefined;
  /** Sends a message again under its old clientId; the service knows those it still has. */
  offerAgain(draft: Draft): Promise<void>;
}

/**
 * Meets a service that was restored to an earlier point: what lies above its heads is dropped here, logs that went
 * another way are read again, and what this person wrote and the service lost is offered once more.
 */
export class Reconciliation {
  private readonly unseen: Set<string>;

  constructor(
    private readonly store: ClientStore,
    private readonly parts: ReconciliationParts,
  ) {
    this.unseen = new Set(parts.logs.ids());
  }

  /** Called for each conversation of the service, before its events are taken. */
  async compare({ id, headSeq }: SyncedConversation): Promise<void> {
    const { logs } = this.parts;
    this.unseen.delete(id);
    const timeline = logs.find(id);
    if (!timeline) return;
    await this.offerOwn(id, headSeq);
    await logs.cutAbove(id, headSeq);
    if (await logs.isIntact(id)) return;
    await this.offerOwn(id, timeline.start);
    await logs.drop(id);
  }

  /** What the service does not name at all began after the point it was restored to. */
  async finish(): Promise<void> {
    for (const id of this.unseen) await this.parts.logs.drop(id);
  }

  private async offerOwn(conversationId: string, aboveSeq: number): Promise<void> {
    const { logs, userId, offerAgain } = this.parts;
    const cursor = logs.find(conversationId)?.cursor ?? 0;
    for (let after = aboveSeq; after < cursor; after += pageEvents) {
      for (const event of await this.store.read(conversationId, { after, limit: pageEvents })) {
        if (event.type !== 'message.created' || event.actorId !== userId) continue;
        const draft = draftOf(conversationId, event);
        if (draft) await offerAgain(draft);
      }
    }
  }
}

function draftOf(conversationId: string, event: EventOf<'message.created'>): Draft | undefined {
  if (!event.body) return undefined;
  const { clientId, replyTo } = event;
  return { conversationId, clientId, body: asSent(event.body), ...(replyTo && { replyTo }) };
}

/** The body as it was given, without what the service added. */
function asSent(body: SentBody): MessageBody {
  if (body.type === 'text') return body;
  const { file: _file, ...given } = body;
  return given;
}
