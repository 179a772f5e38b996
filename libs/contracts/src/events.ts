import { z } from 'zod';
import { ClientId, Id, Time } from './ids.js';
import { limits } from './limits.js';

export const conversationKinds = ['direct', 'group', 'account'] as const;
export const ConversationKind = z
  .enum(conversationKinds)
  .describe("direct: two people; group; account: a person's own log, never listed");
export type ConversationKind = z.infer<typeof ConversationKind>;

export const actorKinds = ['person', 'bot', 'system'] as const;

/** What a message says. Types a client does not know are shown by their `fallback`. */
export const TextBody = z
  .object({
    type: z.literal('text').describe('Written text'),
    text: z.string().describe(`Up to ${limits.textBytes} bytes of UTF-8`),
    mentions: z
      .array(Id)
      .max(limits.mentions)
      .optional()
      .describe('People mentioned in the text, who are members'),
  })
  .meta({ id: 'TextBody', description: 'A written message' });

export const FileBody = z
  .object({
    type: z.literal('file').describe('A file'),
    fileId: Id.describe('A finished upload of the sender'),
    caption: z.string().optional().describe('Text with the file, bounded like a text'),
  })
  .meta({ id: 'FileBody', description: 'A file as a client sends it' });

export const FileInfo = z
  .object({
    name: z.string().describe('Name the sender gave it'),
    size: z.number().int().describe('Bytes'),
    mediaType: z.string().describe('Type found in the content, such as image/png'),
    width: z.number().int().optional().describe('Pixels, of images'),
    height: z.number().int().optional().describe('Pixels, of images'),
  })
  .meta({ id: 'FileInfo', description: 'What is known of a file' });
export type FileInfo = z.infer<typeof FileInfo>;

export const SentFileBody = FileBody.extend({
  file: FileInfo.describe('Filled in by the server'),
}).meta({ id: 'SentFileBody', description: 'A file as it stands in the log' });

/** A body as a client sends it. */
export const MessageBody = z.discriminatedUnion('type', [TextBody, FileBody]);
export type MessageBody = z.infer<typeof MessageBody>;

/** A body as it is read from the log. */
export const SentBody = z.discriminatedUnion('type', [TextBody, SentFileBody]);
export type SentBody = z.infer<typeof SentBody>;

export const memberRoles = ['owner', 'member'] as const;
export const MemberRole = z.enum(memberRoles).describe('owner: may add, remove, rename, transfer, dissolve');
export type MemberRole = z.infer<typeof MemberRole>;

const base = {
  id: Id.describe('Event id'),
  seq: z.number().int().min(1).describe('Place in the conversation, without gaps; the only order'),
  at: Time.describe('When it was committed; never decreases along seq'),
  actorId: Id.nullable().describe('Who did it; null for the system'),
  actorKind: z.enum(actorKinds).describe('Kind of the actor'),
};

export const messageStates = ['recalled', 'removed', 'expired'] as const;

export const MessageCreated = z
  .object({
    ...base,
    type: z.literal('message.created').describe('A message was sent'),
    messageId: Id.describe('Message id, kept through edits'),
    clientId: ClientId,
    body: SentBody.optional().describe('Absent once the message was recalled, removed or has expired'),
    state: z.enum(messageStates).optional().describe('Why there is no body'),
    replyTo: Id.optional().describe('Message this one answers'),
  })
  .meta({ id: 'MessageCreated', description: 'A message was sent' });

export const ConversationCreated = z
  .object({
    ...base,
    type: z.literal('conversation.created').describe('The conversation began; always seq 1'),
    kind: ConversationKind,
    name: z.string().optional().describe('Name of a group'),
    memberIds: z
      .array(Id)
      .describe(`The first members; empty where there are more than ${limits.membersInEvent}`),
    memberCount: z.number().int().optional().describe('How many, where they are not listed'),
    departmentId: Id.optional().describe('Department whose people the members are, where they follow one'),
  })
  .meta({ id: 'ConversationCreated', description: 'The conversation began' });

export const MembersChanged = z
  .object({
    ...base,
    type: z.literal('conversation.members').describe('People joined or left'),
    joined: z
      .array(Id)
      .describe(`Members from this event on; empty where there are more than ${limits.membersInEvent}`),
    left: z
      .array(Id)
      .describe(`Members up to this event; empty where there are more than ${limits.membersInEvent}`),
    joinedCount: z.number().int().optional().describe('How many joined, where they are not listed'),
    leftCount: z.number().int().optional().describe('How many left, where they are not listed'),
  })
  .meta({ id: 'MembersChanged', description: 'People joined or left' });

export const ConversationRenamed = z
  .object({
    ...base,
    type: z.literal('conversation.renamed').describe('The group has another name'),
    name: z.string().describe('The new name'),
  })
  .meta({ id: 'ConversationRenamed', description: 'The group has another name' });

export const OwnerChanged = z
  .object({
    ...base,
    type: z.literal('conversation.owner').describe('The group was handed over'),
    ownerId: Id.describe('The new owner'),
  })
  .meta({ id: 'OwnerChanged', description: 'The group was handed over' });

export const DepartmentUnfollowed = z
  .object({
    ...base,
    type: z
      .literal('conversation.unfollowed')
      .describe('The department that the members followed is gone; from here on they are changed by hand'),
    departmentId: Id.describe('The department that is gone'),
  })
  .meta({ id: 'DepartmentUnfollowed', description: 'The members follow no department any more' });

export const ConversationDissolved = z
  .object({
    ...base,
    type: z.literal('conversation.dissolved').describe('The group has ended; its log stays readable'),
  })
  .meta({ id: 'ConversationDissolved', description: 'The group has ended' });

export const FileQuarantined = z
  .object({
    ...base,
    type: z.literal('file.quarantined').describe('The scanner found harm in a file that was sent here'),
    fileId: Id.describe('The file, which nobody can have any more'),
    messageIds: z.array(Id).describe('Messages here that refer to it'),
  })
  .meta({ id: 'FileQuarantined', description: 'A file that was sent here is in quarantine' });

export const ReadMoved = z
  .object({
    ...base,
    type: z.literal('account.read').describe('The owner of this account log read a conversation'),
    conversationId: Id.describe('The conversation that was read'),
    readSeq: z.number().int().describe('Read up to here'),
  })
  .meta({ id: 'ReadMoved', description: 'Read up to here, on whichever device' });

/** Everything that can stand in a log. Clients keep types they do not know and move their cursor past them. */
export const ConversationEvent = z.discriminatedUnion('type', [
  MessageCreated,
  ConversationCreated,
  MembersChanged,
  ConversationRenamed,
  OwnerChanged,
  DepartmentUnfollowed,
  ConversationDissolved,
  FileQuarantined,
  ReadMoved,
]);
export type ConversationEvent = z.infer<typeof ConversationEvent>;
export type EventType = ConversationEvent['type'];
export type EventOf<T extends EventType> = Extract<ConversationEvent, { type: T }>;
