/**
 * What needs a second person.
 *
 * Owns: the schema `governance`. Promises: nobody decides on their own request, checked here and by the database;
 * a request is decided once, and an approval is used once. Must not: know the operations it decides on; their owners
 * declare them and follow the decision.
 */
export type { ApprovalRow } from './approval.entity.js';
export { Approvals } from './approvals.service.js';
export { GovernanceApiModule, GovernanceModule } from './governance.module.js';
export type { Operation } from './operation.js';
