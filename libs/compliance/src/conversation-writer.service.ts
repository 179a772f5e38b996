import { Injectable } from '@nestjs/common';
import { NIL_ID } from '#contracts';
import { Archive, type ArchivedEvent } from '#messaging';
import type { ExportConversationRow, ExportRow } from './export.entity.js';
import { lineOf, peopleIn, type LineConversation } from './export-line.js';
import type { ExportWriter } from './export-writer.js';
import { ExportsStore } from './exports.store.js';
import type { WrittenConversation } from './manifest.js';
import type { NameBook } from './name-book.js';

const conversationsAtOnce = 500;
/** Progress is stored at most once in this time. */
const progressMs = 1000;

/** What has been written so far. */
export interface Written {
  conversations: WrittenConversation[];
  counts: {
    events: number;
    messages: number;
    /** Messages that were recalled, removed or have expired: they have a state in place of a body. */
    messagesWithoutBody: number;
  };
}

/** Writes the events of an export, conversation after conversation, in the order of their ids and places. */
@Injectable()
export class ConversationWriter {
  constructor(
    private readonly store: ExportsStore,
    private readonly archive: Archive,
  ) {}

  async writeAll(
    row: ExportRow,
    names: NameBook,
    writer: ExportWriter,
    signal: AbortSignal,
  ): Promise<Written> {
    const written: Written = {
      conversations: [],
      counts: { events: 0, messages: 0, messagesWithoutBody: 0 },
    };
    const progress = new Progress(this.store, row.id);
    let after = NIL_ID;
    for (;;) {
      const planned = await this.store.planned(row.id, after, conversationsAtOnce);
      for (const conversation of planned) {
        for await (const entries of this.events(conversation, row.logPos!)) {
          signal.throwIfAborted();
          await this.write(conversation, entries, names, writer);
          count(written, conversation, entries);
          await progress.report(written);
        }
      }
      const last = planned.at(-1);
      if (!last || planned.length < conversationsAtOnce) return written;
      after = last.conversationId;
    }
  }

  private async *events({ conversationId, ranges }: ExportConversationRow, logPos: number) {
    for (const range of ranges) yield* this.archive.events(conversationId, range, logPos);
  }

  private async write(
    conversation: ExportConversationRow,
    entries: ArchivedEvent[],
    names: NameBook,
    writer: ExportWriter,
  ): Promise<void> {
    const nameOf = await names.open(entries.flatMap(({ event }) => peopleIn(event)));
    const shown = conversationOf(conversation);
    for (const { event, pos } of entries) {
      await writer.line(lineOf(shown, event, (personId) => nameOf(personId, pos)));
    }
  }
}

const conversationOf = ({ conversationId, kind, name }: ExportConversationRow): LineConversation => ({
  id: conversationId,
  kind,
  name: name ?? '',
});

function count(
  { conversations, counts }: Written,
  planned: ExportConversationRow,
  entries: ArchivedEvent[],
): void {
  const firstSeq = entries[0]!.event.seq;
  const lastSeq = entries.at(-1)!.event.seq;
  const known = conversations.at(-1);
  if (known?.id === planned.conversationId) {
    known.lastSeq = lastSeq;
    known.events += entries.length;
  } else {
    const { ranges } = planned;
    conversations.push({ ...conversationOf(planned), firstSeq, lastSeq, events: entries.length, ranges });
  }
  counts.events += entries.length;
  for (const { event } of entries) {
    if (event.type !== 'message.created') continue;
    counts.messages += 1;
    if (!event.body) counts.messagesWithoutBody += 1;
  }
}

/** Tells those who wait how far it is, now and then. */
class Progress {
  private reportedAt = 0;

  constructor(
    private readonly store: ExportsStore,
    private readonly exportId: string,
  ) {}

  async report({ conversations, counts }: Written): Promise<void> {
    if (Date.now() - this.reportedAt < progressMs) return;
    this.reportedAt = Date.now();
    const made = { conversationCount: conversations.length, eventCount: counts.events };
    await this.store.progress(this.exportId, made);
  }
}
