import { useState } from 'react';
import type { Conversation } from '#contracts';
import { client } from '../session/service.js';
import { infoOf, type Attachments } from './attachments.js';
import { keepDraft } from './drafts.js';
import { mentionedIn } from './mentions.js';

interface Written {
  text: string;
  /** People chosen while writing → their names. */
  chosen: ReadonlyMap<string, string>;
}

/** Sends what was written and attached: files in their order, then the text; one file carries it as its caption. */
export function useSending({ id }: Conversation, attachments: Attachments, onSent: () => void) {
  const [error, setError] = useState<unknown>();
  const send = async ({ text, chosen }: Written): Promise<void> => {
    const list = attachments.list.value;
    const body = text.trim();
    const mentions = mentionedIn(body, chosen);
    const isCaption = list.length === 1 && body !== '' && mentions.length === 0;
    try {
      for (const attachment of list) {
        const file = { type: 'file' as const, fileId: attachment.fileId! };
        await client.send(id, isCaption ? { ...file, caption: body } : file, { file: infoOf(attachment) });
      }
      if (body !== '' && !isCaption) {
        await client.send(id, { type: 'text', text: body, ...(mentions.length > 0 && { mentions }) });
      }
      attachments.forget(list.map((one) => one.id));
      keepDraft(id, '');
      setError(undefined);
      onSent();
    } catch (refusal) {
      setError(refusal);
    }
  };
  return { send, error };
}
