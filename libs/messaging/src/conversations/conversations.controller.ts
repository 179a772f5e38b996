import { Controller, Res } from '@nestjs/common';
import type { Response } from 'express';
import { conversationsApi, type InputOf } from '#contracts';
import { AppError, Caller, Input, Route, type Principal } from '#platform';
import { ConversationChanges } from './conversation-changes.service.js';
import { Conversations } from './conversations.service.js';

type In<Name extends keyof typeof conversationsApi> = InputOf<(typeof conversationsApi)[Name]>;

@Controller()
export class ConversationsController {
  constructor(
    private readonly conversations: Conversations,
    private readonly changes: ConversationChanges,
  ) {}

  @Route(conversationsApi.createConversation)
  async create(
    @Caller() by: Principal,
    @Input() { body }: In<'createConversation'>,
    @Res({ passthrough: true }) response: Response,
  ) {
    const { kind, memberIds, name, clientId } = body;
    if (kind === 'group' && name === undefined) {
      throw new AppError('request.malformed', {
        details: { issues: [{ path: 'name', message: 'needed for a group' }] },
      });
    }
    const { id, isNew } =
      kind === 'direct'
        ? await this.changes.openDirect(by, memberIds)
        : await this.changes.createGroup(by, { memberIds, name: name!, clientId });
    response.status(isNew ? 201 : 200);
    return this.conversations.one(by, id);
  }

  @Route(conversationsApi.conversations)
  list(@Caller() by: Principal, @Input() { query }: In<'conversations'>) {
    return this.conversations.list(by, query);
  }

  @Route(conversationsApi.conversation)
  one(@Caller() by: Principal, @Input() { params }: In<'conversation'>) {
    return this.conversations.one(by, params.conversationId);
  }

  @Route(conversationsApi.changeConversation)
  change(@Caller() by: Principal, @Input() { params, body }: In<'changeConversation'>) {
    const { clientId, name, ownerId } = body;
    return name === undefined
      ? this.changes.handOver(by, params.conversationId, ownerId!, clientId)
      : this.changes.rename(by, params.conversationId, name, clientId);
  }

  @Route(conversationsApi.dissolveConversation)
  dissolve(@Caller() by: Principal, @Input() { params, body }: In<'dissolveConversation'>) {
    return this.changes.dissolve(by, params.conversationId, body.clientId);
  }

  @Route(conversationsApi.members)
  members(@Caller() by: Principal, @Input() { params, query }: In<'members'>) {
    return this.conversations.listMembers(by, params.conversationId, query);
  }

  @Route(conversationsApi.memberChanges)
  memberChanges(@Caller() by: Principal, @Input() { params, query }: In<'memberChanges'>) {
    return this.conversations.listChanged(by, params, query);
  }

  @Route(conversationsApi.addMembers)
  add(@Caller() by: Principal, @Input() { params, body }: In<'addMembers'>) {
    return this.changes.add(by, params.conversationId, body.memberIds, body.clientId);
  }

  @Route(conversationsApi.removeMember)
  remove(@Caller() by: Principal, @Input() { params }: In<'removeMember'>) {
    return this.changes.remove(by, params.conversationId, params.personId);
  }
}
