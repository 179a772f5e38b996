import { Module } from '@nestjs/common';
import { AuditModule } from '#audit';
import { ApprovalsController } from './approvals/approvals.controller.js';
import { Approvals } from './approvals/approvals.service.js';
import { ApprovalsStore } from './approvals/approvals.store.js';
import { PoliciesController } from './policies/policies.controller.js';
import { Policies } from './policies/policies.service.js';
import { PoliciesStore } from './policies/policies.store.js';
import { PolicyChanges } from './policies/policy-changes.service.js';
import { PolicyViews } from './policies/policy-views.service.js';

/** Approvals, and what policies say, for the libraries that own what is decided. */
@Module({
  imports: [AuditModule],
  providers: [ApprovalsStore, Approvals, PoliciesStore, Policies],
  exports: [Approvals, Policies, PoliciesStore],
})
export class GovernanceModule {}

/** What administrators ask, and decide. */
@Module({
  imports: [AuditModule, GovernanceModule],
  controllers: [ApprovalsController, PoliciesController],
  providers: [PolicyChanges, PolicyViews],
})
export class GovernanceApiModule {}
