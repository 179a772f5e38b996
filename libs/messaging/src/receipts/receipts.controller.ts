import { Controller } from '@nestjs/common';
import { conversationsApi, type InputOf } from '#contracts';
import { Caller, Input, Route, type Principal } from '#platform';
import { Receipts } from './receipts.service.js';

@Controller()
export class ReceiptsController {
  constructor(private readonly receipts: Receipts) {}

  @Route(conversationsApi.markRead)
  mark(@Caller() by: Principal, @Input() { params, body }: InputOf<typeof conversationsApi.markRead>) {
    return this.receipts.mark(by, params.conversationId, body.seq);
  }
}
