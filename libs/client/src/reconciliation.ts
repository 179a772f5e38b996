import type { EventOf, MessageBody, SentBody, SyncedConversation } from '#contracts';
import type { Logs } from './logs.js';
import type { Draft } from './outbox.js';
import type { ClientStore } from './store.js';

/** Events read at once where own messages are looked for. */
const pageEvents = 500;

export interface Reoffering {
  /** Sends a message again under its old clientId; the service knows those it still has. */
  offerAgain(draft: Draft & { clientId: string }): Promise<void>;
  /** @returns the id of the conversation with this person */
  openDirect(peerId: string): Promise<string>;
  /** What waits for a conversation goes to another one. */
  redirect(from: string, to: string): Promise<void>;
}

interface ReconciliationParts extends Reoffering {
  logs: Logs;
  userId: string | undefined;
  /** Older events may stay on the service. */
  isWindowed: boolean;
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
      } else {
        await this.beginAnew(id);
        await logs.drop(id);
      }
    }
  }

  /**
   * A direct conversation that is gone is begun anew, by both of its people. A group is not: what was written in it is
   * refused, and stays with its author.
   */
  private async beginAnew(id: string): Promise<void> {
    const { userId, openDirect, redirect } = this.parts;
    const [first] = await this.store.read(id, { after: 0, limit: 1 });
    const isDirect = first?.type === 'conversation.created' && first.kind === 'direct';
    const peerId = isDirect ? first.memberIds.find((memberId) => memberId !== userId) : undefined;
    const successor = peerId === undefined ? id : await openDirect(peerId);
    if (successor !== id) await redirect(id, successor);
    await this.offerOwn(id, 0, successor);
  }

  private async offerOwn(id: string, aboveSeq: number, to = id): Promise<void> {
    const { logs, userId, offerAgain } = this.parts;
    const cursor = logs.find(id)?.cursor ?? 0;
    for (let after = aboveSeq; after < cursor; after += pageEvents) {
      for (const event of await this.store.read(id, { after, limit: pageEvents })) {
        if (event.type !== 'message.created' || event.actorId !== userId) continue;
        const draft = draftOf(to, event);
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
