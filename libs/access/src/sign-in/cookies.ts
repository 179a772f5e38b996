import type { Request, Response } from 'express';
import { parseCookie } from 'cookie';
import { apiBase } from '#contracts';
import type { NewSession } from '../sessions/sessions.service.js';

/** Clients in a browser keep their refresh token where no script can read it. */
export type CookiePlatform = 'web' | 'console';

export const isCookiePlatform = (platform: string): platform is CookiePlatform =>
  platform === 'web' || platform === 'console';

/** Where <img> and <video> fetch content; nothing else takes the media cookie. */
const mediaPaths = [`${apiBase}/files`, `${apiBase}/directory/photos`];

/** The cookies of one installation: two on the same host, with other ports, must not take each other's. */
export class Cookies {
  constructor(private readonly installation: string) {}

  set(response: Response, platform: CookiePlatform, session: NewSession): void {
    const options = {
      httpOnly: true,
      sameSite: 'strict' as const,
      // A cookie marked Secure would never come back over plain http inside a building.
      secure: response.req.secure,
      maxAge: session.lifetimeMs,
    };
    response.cookie(this.refreshName(platform), session.refreshToken, {
      ...options,
      path: `${apiBase}/auth`,
    });
    for (const path of mediaPaths) response.cookie(this.mediaName, session.mediaToken, { ...options, path });
  }

  clear(response: Response): void {
    for (const platform of ['web', 'console'] as const) {
      response.clearCookie(this.refreshName(platform), { path: `${apiBase}/auth` });
    }
    for (const path of mediaPaths) response.clearCookie(this.mediaName, { path });
  }

  /** What a browser keeps while it is at an identity provider. It must come along when the provider sends it back. */
  setBrowser(response: Response, text: string, seconds: number): void {
    const { secure } = response.req;
    response.cookie(this.browserName(secure), text, {
      httpOnly: true,
      sameSite: 'lax',
      secure,
      maxAge: seconds * 1000,
      path: '/',
    });
  }

  browser(request: Request): string | undefined {
    return parseCookie(request.headers.cookie ?? '')[this.browserName(request.secure)];
  }

  refreshToken(request: Request, platform: CookiePlatform): string | undefined {
    return parseCookie(request.headers.cookie ?? '')[this.refreshName(platform)];
  }

  mediaToken(request: Request): string | undefined {
    return parseCookie(request.headers.cookie ?? '')[this.mediaName];
  }

  private refreshName(platform: CookiePlatform): string {
    return `chancery_${this.installation}_${platform}`;
  }

  /** No other host and no plain http can set a cookie of this prefix. */
  private browserName(secure: boolean): string {
    return `${secure ? '__Host-' : ''}chancery_${this.installation}_provider`;
  }

  private get mediaName(): string {
    return `chancery_${this.installation}_media`;
  }
}
