import { Controller, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { accessApi, type InputOf, type Me, type SignedIn } from '#contracts';
import { AppError, Caller, Input, Route, type Principal } from '#platform';
import { Sessions } from '../sessions/sessions.service.js';
import { SignIn } from './sign-in.service.js';
import { SignedInAnswers } from './signed-in-answers.js';
import { Turns } from './turns.js';

/** Passwords of one address that are checked at once, and that wait for it. */
const checks = { atOnce: 16, waiting: 500 };

@Controller()
export class AuthController {
  private readonly turns = new Turns(checks);

  constructor(
    private readonly signIn: SignIn,
    private readonly sessions: Sessions,
    private readonly answers: SignedInAnswers,
  ) {}

  @Route(accessApi.login)
  async login(
    @Input() { body }: InputOf<typeof accessApi.login>,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignedIn> {
    // A flood from one address waits for itself; by the time of its turn the failures before it count.
    const session = await this.turns.run(request.ip ?? 'none', () => this.signIn.withPassword(request, body));
    return this.answers.give(response, session, body.device.platform);
  }

  @Route(accessApi.refresh)
  async refresh(
    @Input() { body }: InputOf<typeof accessApi.refresh>,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignedIn> {
    if (body.refreshToken !== undefined) {
      return this.answers.give(
        response,
        await this.sessions.refresh(body.refreshToken, request.ip ?? null),
        'node',
      );
    }
    const token = this.answers.refreshToken(request, body.platform);
    if (token === undefined) throw new AppError('auth.session_ended');
    return this.answers.give(response, await this.sessions.refresh(token, request.ip ?? null), body.platform);
  }

  @Route(accessApi.logout)
  async logout(@Caller() caller: Principal, @Res({ passthrough: true }) response: Response): Promise<void> {
    await this.sessions.end({ ids: [caller.sessionId] }, 'signed_out', caller);
    this.answers.clear(response);
  }

  @Route(accessApi.me)
  me(@Caller() caller: Principal): Me {
    return {
      id: caller.id,
      kind: caller.kind,
      username: caller.username,
      displayName: caller.name,
      role: caller.kind === 'administrator' ? caller.role : null,
    };
  }
}
