import { Controller, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { accessApi, type InputOf, type Me, type SignedIn } from '#contracts';
import { AppError, Caller, Input, Route, type Principal } from '#platform';
import { Sessions, type NewSession } from '../sessions/sessions.service.js';
import { Tokens } from '../sessions/tokens.js';
import { Cookies, isCookiePlatform } from './cookies.js';
import { SignIn } from './sign-in.service.js';
import { Turns } from './turns.js';

/** Passwords of one address that are checked at once, and that wait for it. */
const checks = { atOnce: 16, waiting: 500 };

@Controller()
export class AuthController {
  private readonly cookies: Cookies;
  private readonly turns = new Turns(checks);

  constructor(
    private readonly signIn: SignIn,
    private readonly sessions: Sessions,
    tokens: Tokens,
  ) {
    this.cookies = new Cookies(tokens.installation);
  }

  @Route(accessApi.login)
  async login(
    @Input() { body }: InputOf<typeof accessApi.login>,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignedIn> {
    // A flood from one address waits for itself; by the time of its turn the failures before it count.
    const session = await this.turns.run(request.ip ?? 'none', () => this.signIn.withPassword(request, body));
    return this.answer(response, session, body.device.platform);
  }

  @Route(accessApi.refresh)
  async refresh(
    @Input() { body }: InputOf<typeof accessApi.refresh>,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignedIn> {
    if (body.refreshToken !== undefined) {
      return this.answer(
        response,
        await this.sessions.refresh(body.refreshToken, request.ip ?? null),
        'node',
      );
    }
    const token = this.cookies.refreshToken(request, body.platform);
    if (token === undefined) throw new AppError('auth.session_ended');
    return this.answer(response, await this.sessions.refresh(token, request.ip ?? null), body.platform);
  }

  @Route(accessApi.logout)
  async logout(@Caller() caller: Principal, @Res({ passthrough: true }) response: Response): Promise<void> {
    await this.sessions.end({ ids: [caller.sessionId] }, 'signed_out', caller);
    this.cookies.clear(response);
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

  private answer(response: Response, session: NewSession, platform: string): SignedIn {
    const { mediaToken: _media, lifetimeMs: _lifetime, ...signedIn } = session;
    if (!isCookiePlatform(platform)) return signedIn;
    this.cookies.set(response, platform, session);
    return { ...signedIn, refreshToken: null };
  }
}
