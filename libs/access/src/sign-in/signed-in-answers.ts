import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { SignedIn } from '#contracts';
import type { NewSession } from '../sessions/sessions.service.js';
import { Tokens } from '../sessions/tokens.js';
import { Cookies, isCookiePlatform, type CookiePlatform } from './cookies.js';

/** How tokens are handed out: to clients in a browser as cookies that no script can read. */
@Injectable()
export class SignedInAnswers {
  private readonly cookies: Cookies;

  constructor(tokens: Tokens) {
    this.cookies = new Cookies(tokens.installation);
  }

  give(response: Response, session: NewSession, platform: string): SignedIn {
    const { mediaToken: _media, lifetimeMs: _lifetime, ...signedIn } = session;
    if (!isCookiePlatform(platform)) return signedIn;
    this.cookies.set(response, platform, session);
    return { ...signedIn, refreshToken: null };
  }

  refreshToken(request: Request, platform: CookiePlatform): string | undefined {
    return this.cookies.refreshToken(request, platform);
  }

  setBrowser(response: Response, text: string, seconds: number): void {
    this.cookies.setBrowser(response, text, seconds);
  }

  browser(request: Request): string | undefined {
    return this.cookies.browser(request);
  }

  clear(response: Response): void {
    this.cookies.clear(response);
  }
}
