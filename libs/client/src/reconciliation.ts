import type { EventOf, MessageBody, SentBody, SyncedConversation } from '#contracts';
import type { Logs } from './logs.js';
import type { Draft } from './outbox.js';
import type { ClientStore } from './store.js';

/** Events read at once where own messages are looked for. */
const pageEvents = 500;

interface ReconciliationParts {
  logs: Logs;
  userId: string | undefined;
  /** Older events may stay on the service. */
  isWindowed: boolean;
  /** Sends a message again under its old clientId; the service knows those it still has. */
  offerAgain(draft: Draft & { clientId: string }): Promise<void>;
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
  async compare({
    id,
    headSeq,
    floorSeq,
  }: Pick<SyncedConversation, 'id' | 'headSeq' | 'floorSeq'>): Promise<void> {
    const { logs } = this.parts;
    this.unseen.delete(id);
    const timeline = logs.find(id);
    if (!timeline) return;
    await this.offerOwn(id, headSeq);
    await logs.cutAbove(id, headSeq);
    // With the time before the restore, a floor may be gone that kept the beginning of the log from us.
    const { start, cursor } = timeline;
    const isWhole = start < cursor && (this.parts.isWindowed || start <= floorSeq);
    if (isWhole && (await logs.isIntact(id))) return;
    await this.offerOwn(id, timeline.start);
    await logs.drop(id);
  }

  /**
   * What the service did not name: conversations this person has left, and those that began after the point it was
   * restored to, which are gone.
   */
  async finish(): Promise<void> {
    const { logs } = this.parts;
    for (const id of this.unseen) {
      const ends = await logs.endsOf(id);
      if (ends) {
        await this.compare({ id, ...ends });
        await logs.pull(id);
      } else await logs.drop(id);
    }
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

function draftOf(
  conversationId: string,
  event: EventOf<'message.created'>,
): (Draft & { clientId: string }) | undefined {
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
