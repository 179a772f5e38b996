import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AdministratorRole } from '#contracts';
import { Policies, type PolicyReader } from '#governance';
import { SETTINGS, type Settings } from '#platform';

const perMinute = z.number().int().min(1).max(1_000_000);

const SignInLimits = z.object({
  perMinuteAndAccount: perMinute.describe('Attempts to sign in per account and minute'),
  perMinuteAndDevice: perMinute.describe('Attempts to sign in per device and minute'),
  perMinuteAndAddress: perMinute.describe('Attempts to sign in per network address and minute'),
});

const RequestRate = z.object({
  writesPerSecond: z
    .number()
    .min(1)
    .max(10_000)
    .describe('Requests that change something, per account and second; four times as many at once'),
});

const SecondFactor = z.object({
  demand: z
    .enum(['off', 'optional', 'required'])
    .describe(
      'Second factors of people: off: not used; optional: asked where one is set up; required: set up with the next sign-in',
    ),
});

const AdministratorFactor = z.object({
  requiredOf: z
    .array(AdministratorRole)
    .max(3)
    .describe('Roles that need a second factor; they set it up with their next sign-in'),
});

const sessionLimits = (idleMost: number) =>
  z.object({
    devices: z.number().int().min(1).max(1000).describe('Devices one account may be signed in on'),
    beyond: z
      .enum(['oldest', 'refuse'])
      .describe(
        'One more: oldest: the device not used for the longest time is signed out; refuse: it is refused',
      ),
    idleMinutes: z
      .number()
      .int()
      .min(5)
      .max(idleMost)
      .describe('Minutes without a connection or a request after which a session ends'),
    lifetimeHours: z
      .number()
      .int()
      .min(1)
      .max(87_600)
      .describe('Hours after which a session ends, however much it is used'),
  });
const PeopleSessions = sessionLimits(43_200);
const AdministratorSessions = sessionLimits(720);
export type SessionLimits = z.infer<typeof PeopleSessions>;

const yearHours = 8760;

/** What administrators decide about access. */
@Injectable()
export class AccessPolicies {
  readonly signIn: PolicyReader<z.infer<typeof SignInLimits>>;
  readonly requests: PolicyReader<z.infer<typeof RequestRate>>;
  readonly sessionsOfPeople: PolicyReader<SessionLimits>;
  readonly sessionsOfAdministrators: PolicyReader<SessionLimits>;
  readonly secondFactor: PolicyReader<z.infer<typeof SecondFactor>>;
  readonly administratorFactor: PolicyReader<z.infer<typeof AdministratorFactor>>;

  constructor(@Inject(SETTINGS) settings: Settings, policies: Policies) {
    this.signIn = policies.declare({
      name: 'sign_in.limits',
      schema: SignInLimits,
      fallback: {
        perMinuteAndAccount: settings.SIGN_INS_PER_ACCOUNT,
        perMinuteAndDevice: settings.SIGN_INS_PER_DEVICE,
        perMinuteAndAddress: settings.SIGN_INS_PER_ADDRESS,
      },
      changedBy: ['security-admin'],
      // Whoever loosens this lets more passwords be guessed.
      approvedBy: ['audit-admin'],
      delayMs: 0,
      scopes: [],
    });
    this.requests = policies.declare({
      name: 'requests.rate',
      schema: RequestRate,
      fallback: { writesPerSecond: settings.WRITES_PER_SECOND },
      changedBy: ['security-admin'],
      delayMs: 0,
      scopes: ['department', 'person'],
    });
    const fallback = {
      devices: settings.SESSIONS_PER_ACCOUNT,
      beyond: 'oldest',
      lifetimeHours: yearHours,
    } as const;
    this.sessionsOfPeople = policies.declare({
      name: 'sessions.people',
      schema: PeopleSessions,
      fallback: { ...fallback, idleMinutes: settings.SESSION_IDLE_MINUTES },
      changedBy: ['security-admin'],
      delayMs: 0,
      scopes: ['department', 'person'],
    });
    this.sessionsOfAdministrators = policies.declare({
      name: 'sessions.administrators',
      schema: AdministratorSessions,
      fallback: { ...fallback, idleMinutes: settings.ADMINISTRATOR_SESSION_IDLE_MINUTES },
      changedBy: ['security-admin'],
      delayMs: 0,
      scopes: [],
    });
    this.secondFactor = policies.declare({
      name: 'sign_in.second_factor',
      schema: SecondFactor,
      fallback: { demand: 'optional' },
      changedBy: ['security-admin'],
      // Whoever loosens this lets a stolen password be enough.
      approvedBy: ['audit-admin'],
      delayMs: 0,
      scopes: ['department', 'person'],
    });
    this.administratorFactor = policies.declare({
      name: 'sign_in.administrators',
      schema: AdministratorFactor,
      fallback: { requiredOf: [] },
      changedBy: ['security-admin'],
      approvedBy: ['audit-admin'],
      delayMs: 0,
      scopes: [],
    });
  }
}
