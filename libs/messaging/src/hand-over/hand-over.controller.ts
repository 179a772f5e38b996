import { Controller } from '@nestjs/common';
import { conversationsAdminApi, type InputOf } from '#contracts';
import { Caller, Input, Route, type Principal } from '#platform';
import { HandOverRequests } from './hand-over-requests.service.js';

@Controller()
export class HandOverController {
  constructor(private readonly requests: HandOverRequests) {}

  @Route(conversationsAdminApi.handOverGroups)
  handOver(
    @Caller() by: Principal,
    @Input() { params }: InputOf<typeof conversationsAdminApi.handOverGroups>,
  ) {
    return this.requests.ask(by, params.personId);
  }
}
