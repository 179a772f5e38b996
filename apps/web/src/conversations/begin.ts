import { newId, type Conversation } from '#contracts';
import { client } from '../session/service.js';
import { put } from './book.js';

/** The direct conversation with somebody, begun where there is none yet. */
export async function beginDirect(personId: string): Promise<Conversation> {
  const conversation = await client.call('createConversation', {
    body: { kind: 'direct', memberIds: [personId], clientId: newId() },
  });
  put([conversation]);
  return conversation;
}

/** @param clientId the same for each attempt of one act */
export async function beginGroup(clientId: string, name: string, memberIds: string[]): Promise<Conversation> {
  const conversation = await client.call('createConversation', {
    body: { clientId, kind: 'group', name, memberIds },
  });
  put([conversation]);
  return conversation;
}
