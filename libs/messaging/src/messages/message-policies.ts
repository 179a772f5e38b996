import { Inject, Injectable, Module } from '@nestjs/common';
import { z } from 'zod';
import { GovernanceModule, Policies, type PolicyReader } from '#governance';
import { SETTINGS, type Settings } from '#platform';

const MessageRate = z.object({
  perSecond: z
    .number()
    .min(0.1)
    .max(10_000)
    .describe('Messages one person may send per second on average, with bursts of four times as many'),
});

/** What administrators decide about messages. */
@Injectable()
export class MessagePolicies {
  readonly rate: PolicyReader<z.infer<typeof MessageRate>>;

  constructor(@Inject(SETTINGS) settings: Settings, policies: Policies) {
    this.rate = policies.declare({
      name: 'messages.rate',
      schema: MessageRate,
      fallback: { perSecond: settings.SENDS_PER_SECOND },
      changedBy: ['security-admin'],
      delayMs: 0,
      scopes: ['department', 'person'],
    });
  }
}

/** Also for processes in which administrators decide, and nobody sends. */
@Module({ imports: [GovernanceModule], providers: [MessagePolicies], exports: [MessagePolicies] })
export class MessagePoliciesModule {}
