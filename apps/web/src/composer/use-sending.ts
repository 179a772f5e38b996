import { useState } from 'react';
import type { FileInfo, MessageBody } from '#contracts';
import { client } from '../session/service.js';
import { infoOf, type Attachment, type Attachments } from './attachments.js';
import { draftOf, keepDraft } from './drafts.js';
import { mentionedIn } from './mentions.js';

export interface Written {
  text: string;
  /** People chosen while writing → their names. */
  chosen: ReadonlyMap<string, string>;
}

interface Part {
  body: MessageBody;
  file?: FileInfo;
  attachment?: Attachment;
}

/** What was written and attached: files in their order, then the text; one file carries it as its caption. */
function partsOf({ text, chosen }: Written, list: readonly Attachment[]): Part[] {
  const words = text.trim();
  const mentions = mentionedIn(words, chosen);
  const isCaption = list.length === 1 && words !== '' && mentions.length === 0;
  const parts: Part[] = list.map((attachment) => ({
    body: { type: 'file', fileId: attachment.fileId!, ...(isCaption && { caption: words }) },
    file: infoOf(attachment),
    attachment,
  }));
  if (words !== '' && !isCaption) {
    parts.push({ body: { type: 'text', text: words, ...(mentions.length > 0 && { mentions }) } });
  }
  return parts;
}

/** @param giveBack puts into the field what could not be taken */
export function useSending(id: string, attachments: Attachments, giveBack: (written: Written) => void) {
  const [error, setError] = useState<unknown>();
  /** All of it has its place in the order of sending when this returns; the field and the tray are free at once. */
  const send = async (written: Written): Promise<void> => {
    const taken = attachments.take();
    const parts = partsOf(written, taken);
    const outcomes = await Promise.allSettled(
      parts.map(({ body, file }) => client.send(id, body, file && { file })),
    );
    const refused = parts.filter((_, i) => outcomes[i]!.status === 'rejected');
    const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    setError(reasons[0]);
    attachments.settle(
      taken,
      refused.flatMap(({ attachment }) => attachment ?? []),
    );
    // The draft was kept until now, in case the page had ended before the message was stored.
    const since = draftOf(id) === written.text ? '' : draftOf(id);
    if (!refused.some(({ body }) => body.type === 'text' || body.caption !== undefined)) {
      keepDraft(id, since);
      return;
    }
    const text = [written.text, since].filter(Boolean).join('\n');
    keepDraft(id, text);
    giveBack({ ...written, text });
  };
  return { send, error };
}
