import type { ConversationEvent, FileInfo, MessageBody, PersonSummary, SentBody } from '#contracts';
import { useWords } from '../words/index.js';

type WordsOf = ReturnType<typeof useWords>['t'];

export const isImage = (mediaType: string): boolean => /^image\/(png|jpeg|gif|webp|avif)$/.test(mediaType);

/** A message in one line. */
export function lineOf(
  t: WordsOf,
  message: { body?: SentBody | MessageBody; state?: 'recalled' | 'removed' | 'expired'; file?: FileInfo },
): string {
  const { body, state } = message;
  if (!body) return t(`line.${state ?? 'unknownBody'}`);
  switch (body.type) {
    case 'text':
      return body.text.replaceAll(/\s+/g, ' ').slice(0, 200);
    case 'file': {
      const file = 'file' in body ? body.file : message.file;
      const name = body.caption ?? file?.name ?? '';
      return file && isImage(file.mediaType) ? t('line.image', { name }) : t('line.file', { name });
    }
    default:
      // A type of a newer service brings its own words.
      return (body as { fallback?: string }).fallback ?? t('line.unknownBody');
  }
}

/** What happened to a conversation, as a sentence. */
export function sentenceOf(
  t: WordsOf,
  event: ConversationEvent,
  personOf: (id: string) => PersonSummary | undefined,
): string {
  const name = (id: string | null) =>
    id === null ? t('system.service') : (personOf(id)?.displayName ?? t('common.unknownPerson'));
  const names = (ids: readonly string[]) => {
    const shown = ids.slice(0, 5).map(name).join('、');
    return ids.length > 5 ? t('system.andOthers', { names: shown, count: ids.length }) : shown;
  };
  const actor = name(event.actorId);
  switch (event.type) {
    case 'conversation.created':
      if (event.departmentId !== undefined) return t('system.createdDepartment');
      return event.kind === 'group' ? t('system.createdGroup', { actor }) : t('system.createdDirect');
    case 'conversation.members':
      return membersSentence(t, event, actor, names);
    case 'conversation.renamed':
      return t('system.renamed', { actor, name: event.name });
    case 'conversation.owner':
      return t('system.owner', { actor, person: name(event.ownerId) });
    case 'conversation.unfollowed':
      return t('system.unfollowed');
    case 'conversation.dissolved':
      return t('system.dissolved', { actor });
    case 'file.quarantined':
      return t('system.quarantined');
    default:
      return t('system.unknown');
  }
}

function membersSentence(
  t: WordsOf,
  event: Extract<ConversationEvent, { type: 'conversation.members' }>,
  actor: string,
  names: (ids: readonly string[]) => string,
): string {
  const { joined, left, joinedCount, leftCount, actorId } = event;
  const sentences: string[] = [];
  if (joinedCount !== undefined) sentences.push(t('system.joinedMany', { count: joinedCount }));
  if (leftCount !== undefined) sentences.push(t('system.leftMany', { count: leftCount }));
  if (joined.length > 0) {
    const isSelf = actorId === null || (joined.length === 1 && joined[0] === actorId);
    sentences.push(t(isSelf ? 'system.joinedSelf' : 'system.joined', { actor, people: names(joined) }));
  }
  if (left.length > 0) {
    const isSelf = actorId === null || (left.length === 1 && left[0] === actorId);
    sentences.push(t(isSelf ? 'system.left' : 'system.removed', { actor, people: names(left) }));
  }
  return sentences.join(' ');
}
