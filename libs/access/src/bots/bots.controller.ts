import { Controller } from '@nestjs/common';
import { botsApi, type InputOf } from '#contracts';
import { Bots } from '#directory';
import { Caller, Input, Route, type Principal } from '#platform';
import { BotTokens } from './bot-tokens.service.js';

@Controller()
export class BotsController {
  constructor(
    private readonly bots: Bots,
    private readonly tokens: BotTokens,
  ) {}

  @Route(botsApi.bots)
  list(@Input() { query }: InputOf<typeof botsApi.bots>) {
    return this.bots.list(query);
  }

  @Route(botsApi.makeBot)
  make(@Caller() by: Principal, @Input() { body }: InputOf<typeof botsApi.makeBot>) {
    return this.bots.make(by, body);
  }

  @Route(botsApi.disableBot)
  disable(@Caller() by: Principal, @Input() { params }: InputOf<typeof botsApi.disableBot>) {
    return this.bots.disable(by, params.botId);
  }

  @Route(botsApi.botTokens)
  listTokens(@Input() { params, query }: InputOf<typeof botsApi.botTokens>) {
    return this.tokens.list(params.botId, query);
  }

  @Route(botsApi.issueBotToken)
  issue(@Caller() by: Principal, @Input() { params, body }: InputOf<typeof botsApi.issueBotToken>) {
    return this.tokens.issue(by, params.botId, body);
  }

  @Route(botsApi.revokeBotToken)
  revoke(@Caller() by: Principal, @Input() { params }: InputOf<typeof botsApi.revokeBotToken>) {
    return this.tokens.revoke(by, params.botId, params.tokenId);
  }
}
