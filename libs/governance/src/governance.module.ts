import { Module } from '@nestjs/common';
import { AuditModule } from '#audit';
import { ApprovalsController } from './approvals.controller.js';
import { Approvals } from './approvals.service.js';
import { ApprovalsStore } from './approvals.store.js';

@Module({
  imports: [AuditModule],
  providers: [ApprovalsStore, Approvals],
  exports: [Approvals, ApprovalsStore],
})
export class GovernanceModule {}

@Module({ imports: [GovernanceModule], controllers: [ApprovalsController] })
export class GovernanceApiModule {}
