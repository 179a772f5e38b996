import { Controller, Res } from '@nestjs/common';
import type { Response } from 'express';
import { syncApi, type InputOf } from '#contracts';
import { Caller, Input, Route, type Principal } from '#platform';
import { LongPolls } from './long-polls.service.js';

@Controller()
export class SyncController {
  constructor(private readonly polls: LongPolls) {}

  @Route(syncApi.sync)
  sync(
    @Caller() by: Principal,
    @Input() { query }: InputOf<typeof syncApi.sync>,
    @Res({ passthrough: true }) response: Response,
  ) {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    return this.polls.answer(by, query, gone.signal);
  }
}
