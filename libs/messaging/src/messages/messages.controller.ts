import { Controller, Res } from '@nestjs/common';
import type { Response } from 'express';
import { messagesApi, syncApi, type InputOf } from '#contracts';
import { Caller, Input, Route, type Principal } from '#platform';
import { Messages } from './messages.service.js';
import { Reading } from './reading.service.js';

@Controller()
export class MessagesController {
  constructor(
    private readonly messages: Messages,
    private readonly reading: Reading,
  ) {}

  @Route(messagesApi.sendMessage)
  async send(
    @Caller() by: Principal,
    @Input() { params, body }: InputOf<typeof messagesApi.sendMessage>,
    @Res({ passthrough: true }) response: Response,
  ) {
    const { ack, isRepeat } = await this.messages.send(by, params.conversationId, body);
    response.status(isRepeat ? 200 : 201);
    return ack;
  }

  @Route(messagesApi.events)
  events(@Caller() by: Principal, @Input() { params, query }: InputOf<typeof messagesApi.events>) {
    const { after = 0, before, limit } = query;
    return before === undefined
      ? this.reading.eventsAfter(by, params.conversationId, after, limit)
      : this.reading.eventsBefore(by, params.conversationId, before, limit);
  }

  @Route(syncApi.digest)
  digest(@Caller() by: Principal, @Input() { params, query }: InputOf<typeof syncApi.digest>) {
    return this.reading.digest(by, params.conversationId, query.fromSeq, query.toSeq);
  }

  @Route(messagesApi.messages)
  page(@Caller() by: Principal, @Input() { params, query }: InputOf<typeof messagesApi.messages>) {
    return this.reading.messages(by, params.conversationId, query);
  }
}
