import { Injectable } from '@nestjs/common';
import { foldText } from '#directory';
import type { EndpointShape } from '#contracts';
import type { GuardedRequest, Principal } from '#platform';
import { AccessPolicies } from './access-policies.js';
import { RateLimits, type Rate } from './rate-limits.service.js';

const minute = 60;
/** What may come at once, in seconds of the rate. */
const burstSeconds = 4;
/** Longest part of a subject; whoever sends more is counted by its beginning. */
const partMost = 256;

/** What the door takes before anything else is done: no password is checked, and nothing is written, for whom it refuses. */
@Injectable()
export class DoorLimits {
  constructor(
    private readonly limits: RateLimits,
    private readonly policies: AccessPolicies,
  ) {}

  /** Throws `rate.limited` where an address, an account or a device tries to sign in too often. */
  async requireSignIn(request: GuardedRequest): Promise<void> {
    const { perMinuteAndAddress, perMinuteAndAccount, perMinuteAndDevice } = this.policies.signIn.value();
    const address = request.ip ?? 'none';
    // One after the other: who is refused by the address does not use up what an account has.
    await this.limits.require(`sign-in address ${address}`, perMinute(perMinuteAndAddress));
    const { username, device } = withoutNul(request);
    if (typeof username !== 'string') return;
    const account = partOf(foldText(username));
    await this.limits.require(`sign-in account ${account}`, perMinute(perMinuteAndAccount));
    const name = typeof device?.name === 'string' ? partOf(device.name) : '';
    await this.limits.require(`sign-in device ${address} ${account} ${name}`, perMinute(perMinuteAndDevice));
  }

  /** Throws `rate.limited` where somebody changes things too often. Messages have their own rate. */
  async requireWrite(principal: Principal, { method, limit }: EndpointShape): Promise<void> {
    if (method === 'GET' || method === 'HEAD' || limit === 'own') return;
    const { writesPerSecond } = this.policies.requests.valueNow({ personId: principal.id });
    const size = writesPerSecond * burstSeconds;
    await this.limits.require(`writes ${principal.id}`, {
      perSecond: writesPerSecond,
      size,
      lease: Math.ceil(size / 16),
    });
  }
}

interface Attempt {
  username?: unknown;
  device?: { name?: unknown } | null;
}

/**
 * What an attempt names. PostgreSQL's text holds everything but NUL, and nobody's name has one: it is replaced here,
 * once, for everything that follows.
 */
function withoutNul(request: GuardedRequest): Attempt {
  const attempt = (request.body ?? {}) as Attempt;
  if (typeof attempt.username === 'string') attempt.username = replaceNul(attempt.username);
  if (typeof attempt.device?.name === 'string') attempt.device.name = replaceNul(attempt.device.name);
  return attempt;
}

const replaceNul = (text: string): string => text.replaceAll('\0', '\uFFFD');

const partOf = (text: string): string => text.slice(0, partMost);

const perMinute = (count: number): Rate => ({
  perSecond: count / minute,
  size: count,
  lease: Math.ceil(count / 100),
});
