import { z } from 'zod';
import { endpoint } from './endpoint.js';
import { PersonSummary } from './directory.js';
import { ConversationKind, MemberRole, MessageCreated } from './events.js';
import { ClientId, Id, PathId, Time } from './ids.js';
import { limits } from './limits.js';
import { PageQuery, pageOf } from './page.js';

export const GroupName = z
  .string()
  .trim()
  .min(1)
  .max(limits.nameLength)
  // A name that another system cannot store is refused here; texts survive everything.
  .refine((name) => name.isWellFormed() && !name.includes('\0'), 'must not contain NUL or lone surrogates')
  .describe(`Name of the group, 1 to ${limits.nameLength} characters`);

const MemberIds = z
  .array(Id)
  .max(limits.membersPerRequest)
  .describe(`Person ids, at most ${limits.membersPerRequest}`);

export const Conversation = z
  .object({
    id: Id.describe('Conversation id'),
    kind: ConversationKind,
    name: z
      .string()
      .nullable()
      .describe('Name of a group; in a direct conversation the name of the other person'),
    peerId: Id.nullable().describe('The other person of a direct conversation'),
    role: MemberRole.nullable().describe("The caller's role; null after leaving"),
    memberCount: z.number().int().describe('Members now'),
    dissolved: z.boolean().describe('True once the group was dissolved'),
    floorSeq: z.number().int().describe('What lies at or below does not exist for the caller'),
    headSeq: z.number().int().describe('Last seq the caller may see'),
    readSeq: z.number().int().describe('The caller has read up to here'),
    unread: z
      .number()
      .int()
      .describe(
        `Messages by others after readSeq, exact to ${limits.unreadExact}, then ${limits.unreadExact}`,
      ),
    mentions: z.number().int().describe('Of these, those that mention the caller'),
    lastMessage: MessageCreated.nullable().describe('Latest message'),
    follows: z
      .object({
        departmentId: Id.describe('Department id'),
        withBelow: z.boolean().describe('Whether everything below the department belongs to it'),
      })
      .nullable()
      .describe('Department whose people are the members; null where members are added and removed by hand'),
    createdAt: Time.describe('When the conversation began'),
  })
  .meta({ id: 'Conversation', description: 'A conversation as its member sees it now' });
export type Conversation = z.infer<typeof Conversation>;

export const Member = z
  .object({
    person: PersonSummary.describe('Who'),
    role: MemberRole,
    joinedSeq: z.number().int().describe('Member from this seq on'),
    readSeq: z.number().int().describe('Has read up to here'),
  })
  .meta({ id: 'Member', description: 'A member of a conversation' });
export type Member = z.infer<typeof Member>;

const params = z.object({ conversationId: PathId.describe('Conversation id') });
const changed = z
  .object({
    seq: z.number().int().describe('seq of the event that records the change'),
  })
  .meta({ id: 'Changed', description: 'Where the change stands in the log' });

export const conversationsApi = {
  createConversation: endpoint({
    id: 'createConversation',
    area: 'messaging',
    method: 'POST',
    path: '/conversations',
    summary: 'Begin a conversation; a direct one that exists is returned as it is',
    callers: ['employee'],
    body: z.object({
      clientId: ClientId.optional(),
      kind: z.enum(['direct', 'group']).describe('What to begin'),
      memberIds: MemberIds.describe('The others; the caller may be among them'),
      name: GroupName.optional().describe('Needed for a group'),
    }),
    answers: { 201: Conversation, 200: Conversation },
    errors: ['conversation.members_invalid', 'client_id_reused'],
  }),
  conversations: endpoint({
    id: 'conversations',
    area: 'messaging',
    method: 'GET',
    path: '/conversations',
    summary: "The caller's conversations, latest message first",
    callers: ['employee', 'bot'],
    scope: 'messages:read',
    query: PageQuery,
    answers: { 200: pageOf(Conversation) },
  }),
  conversation: endpoint({
    id: 'conversation',
    area: 'messaging',
    method: 'GET',
    path: '/conversations/:conversationId',
    summary: 'One conversation as the caller sees it now',
    callers: ['employee', 'bot'],
    scope: 'messages:read',
    params,
    answers: { 200: Conversation },
    errors: ['conversation.not_a_member'],
  }),
  changeConversation: endpoint({
    id: 'changeConversation',
    area: 'messaging',
    method: 'PATCH',
    path: '/conversations/:conversationId',
    summary: 'Rename a group, or hand it over to another member',
    callers: ['employee'],
    params,
    body: z
      .object({
        clientId: ClientId,
        name: GroupName.optional(),
        ownerId: Id.optional().describe('Member who becomes the owner'),
      })
      .refine((change) => (change.name === undefined) !== (change.ownerId === undefined), {
        message: 'give either name or ownerId',
      }),
    answers: { 200: changed },
    errors: [
      'conversation.not_a_member',
      'conversation.not_a_group',
      'conversation.owner_required',
      'conversation.dissolved',
      'conversation.members_invalid',
      'client_id_reused',
    ],
  }),
  dissolveConversation: endpoint({
    id: 'dissolveConversation',
    area: 'messaging',
    method: 'POST',
    path: '/conversations/:conversationId/dissolve',
    summary: 'End a group; its log stays readable',
    callers: ['employee'],
    params,
    body: z.object({ clientId: ClientId }),
    answers: { 200: changed },
    errors: [
      'conversation.not_a_member',
      'conversation.not_a_group',
      'conversation.owner_required',
      'conversation.dissolved',
      'client_id_reused',
    ],
  }),
  members: endpoint({
    id: 'members',
    area: 'messaging',
    method: 'GET',
    path: '/conversations/:conversationId/members',
    summary: 'Members, the owner first, then in the order of joining',
    callers: ['employee', 'bot'],
    scope: 'messages:read',
    params,
    query: PageQuery,
    answers: {
      200: pageOf(Member).extend({
        version: z
          .number()
          .int()
          .describe(
            'seq of the event that changed the members last; pages of another version are of another list',
          ),
      }),
    },
    errors: ['conversation.not_a_member'],
  }),
  memberChanges: endpoint({
    id: 'memberChanges',
    area: 'messaging',
    method: 'GET',
    path: '/conversations/:conversationId/events/:seq/members',
    summary: 'Who joined or left with an event, for events of more people than they list',
    callers: ['employee', 'bot'],
    scope: 'messages:read',
    params: params.extend({ seq: z.coerce.number().int().min(1).describe('seq of the event') }),
    query: PageQuery.extend({ change: z.enum(['joined', 'left']).describe('Which of the two') }),
    answers: { 200: pageOf(PersonSummary) },
    errors: ['conversation.not_a_member'],
  }),
  addMembers: endpoint({
    id: 'addMembers',
    area: 'messaging',
    method: 'POST',
    path: '/conversations/:conversationId/members',
    summary: 'Add people to a group; those who are members already stay so',
    callers: ['employee'],
    params,
    body: z.object({ clientId: ClientId, memberIds: MemberIds.min(1) }),
    answers: { 200: changed },
    errors: [
      'conversation.not_a_member',
      'conversation.not_a_group',
      'conversation.dissolved',
      'conversation.follows_department',
      'conversation.members_invalid',
      'client_id_reused',
    ],
  }),
  removeMember: endpoint({
    id: 'removeMember',
    area: 'messaging',
    method: 'DELETE',
    path: '/conversations/:conversationId/members/:personId',
    summary: 'Leave a group, or as its owner remove somebody; a repeat changes nothing',
    callers: ['employee'],
    params: params.extend({ personId: PathId.describe('Who leaves') }),
    answers: { 204: 'The person is not a member' },
    errors: [
      'conversation.not_a_member',
      'conversation.not_a_group',
      'conversation.owner_required',
      'conversation.owner_must_transfer',
      'conversation.dissolved',
      'conversation.follows_department',
    ],
  }),
  markRead: endpoint({
    id: 'markRead',
    area: 'messaging',
    method: 'PUT',
    path: '/conversations/:conversationId/read',
    summary: 'Mark as read up to a seq; going back changes nothing',
    callers: ['employee', 'bot'],
    scope: 'messages:read',
    params,
    body: z.object({ seq: z.number().int().min(0).describe('Read up to here') }),
    answers: { 204: 'The mark is stored' },
    errors: ['conversation.not_a_member', 'overloaded'],
  }),
};
