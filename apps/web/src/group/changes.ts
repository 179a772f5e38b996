import { newId, type Conversation } from '#contracts';
import { fetchOne } from '../conversations/book.js';
import { client } from '../session/service.js';

/** What can be done to a group. Each is one act under one clientId; the log tells its outcome to everybody. */
export const rename = ({ id }: Conversation, name: string) =>
  client.call('changeConversation', { params: { conversationId: id }, body: { clientId: newId(), name } });

export const handOver = ({ id }: Conversation, ownerId: string) =>
  client.call('changeConversation', { params: { conversationId: id }, body: { clientId: newId(), ownerId } });

export const addMembers = ({ id }: Conversation, memberIds: string[]) =>
  client.call('addMembers', { params: { conversationId: id }, body: { clientId: newId(), memberIds } });

export async function removeMember({ id }: Conversation, personId: string): Promise<void> {
  await client.call('removeMember', { params: { conversationId: id, personId } });
}

export async function dissolve({ id }: Conversation): Promise<void> {
  await client.call('dissolveConversation', { params: { conversationId: id }, body: { clientId: newId() } });
  await fetchOne(id);
}
