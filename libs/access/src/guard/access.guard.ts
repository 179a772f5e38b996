import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Caller, EndpointShape } from '#contracts';
import { AppError, endpointOf, type GuardedRequest, type Principal } from '#platform';
import { FreshProofs } from '../factors/fresh-proofs.service.js';
import { DoorLimits } from '../rates/door-limits.service.js';
import { Sessions } from '../sessions/sessions.service.js';
import { Tokens } from '../sessions/tokens.js';
import { Cookies } from '../sign-in/cookies.js';

/** Calls that browsers make by themselves, without our headers: the media cookie may stand in. */
const mediaEndpoints = new Set(['fileContent', 'photo']);

/** Stands before every route. A route without a contract, or without a caller it names, is closed. */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly cookies: Cookies;

  constructor(
    private readonly sessions: Sessions,
    private readonly limits: DoorLimits,
    private readonly proofs: FreshProofs,
    tokens: Tokens,
  ) {
    this.cookies = new Cookies(tokens.installation);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const endpoint = endpointOf(context.getHandler());
    if (!endpoint) throw new AppError('route.not_found');
    const request = context.switchToHttp().getRequest<GuardedRequest>();
    if (endpoint.limit === 'sign-in') await this.limits.requireSignIn(request);
    if (endpoint.callers.includes('anyone')) return true;
    const principal = await this.authenticate(endpoint, request);
    if (!endpoint.callers.some((caller) => isCaller(principal, caller)) || !hasScope(principal, endpoint)) {
      throw new AppError('access.forbidden');
    }
    await this.limits.requireWrite(principal, endpoint);
    if (endpoint.needsProof) await this.proofs.require(principal);
    request.principal = principal;
    return true;
  }

  private authenticate(endpoint: EndpointShape, request: GuardedRequest): Promise<Principal> {
    const [scheme, token] = request.headers.authorization?.split(' ') ?? [];
    if (scheme?.toLowerCase() === 'bearer') return this.sessions.authenticate(token, 'api');
    const media = mediaEndpoints.has(endpoint.id) ? this.cookies.mediaToken(request) : undefined;
    return this.sessions.authenticate(media, 'media');
  }
}

/** Whether a principal is one of those an endpoint names. */
export function isCaller(principal: Principal, caller: Caller): boolean {
  if (caller === 'anyone' || caller === 'signed-in') return true;
  const callers: Record<Principal['kind'], () => boolean> = {
    person: () => caller === 'employee',
    bot: () => caller === 'bot',
    administrator: () => 'role' in principal && principal.role === caller,
  };
  return callers[principal.kind]();
}

/** People may do what their role may; a bot's token is good for what it was issued for. */
const hasScope = (principal: Principal, { scope }: EndpointShape): boolean =>
  principal.kind !== 'bot' || scope === undefined || principal.scopes.includes(scope);
