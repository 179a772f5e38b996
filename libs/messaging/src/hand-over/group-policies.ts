import { Injectable, Module } from '@nestjs/common';
import { z } from 'zod';
import { GovernanceModule, Policies, type PolicyReader } from '#governance';

const HandOver = z.object({
  afterDays: z
    .number()
    .int()
    .min(0)
    .max(365)
    .describe('Days between the leaving of a group’s owner and its next owner'),
});

/** What administrators decide about groups. */
@Injectable()
export class GroupPolicies {
  readonly handOver: PolicyReader<z.infer<typeof HandOver>>;

  constructor(policies: Policies) {
    this.handOver = policies.declare({
      name: 'groups.hand_over',
      schema: HandOver,
      fallback: { afterDays: 30 },
      changedBy: ['security-admin'],
      delayMs: 0,
      scopes: [],
    });
  }
}

/** Also for processes in which administrators decide. */
@Module({ imports: [GovernanceModule], providers: [GroupPolicies], exports: [GroupPolicies] })
export class GroupPoliciesModule {}
