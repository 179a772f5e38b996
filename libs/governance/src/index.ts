/**
 * What needs a second person, and what is decided while the product runs.
 *
 * Owns: the schema `governance`. Promises: nobody decides on their own request, checked here and by the database;
 * a request is decided once, and an approval is used once; every version of a policy stays, and one that takes effect
 * does so on every process within a second. Must not: know the operations and policies; their owners declare them.
 */
export type { ApprovalRow } from './approvals/approval.entity.js';
export { Approvals, type Once } from './approvals/approvals.service.js';
export type { Operation } from './approvals/operation.js';
export { GovernanceApiModule, GovernanceModule } from './governance.module.js';
export { Policies, type Places, type PolicyReader } from './policies/policies.service.js';
export type { Policy, Scope as PolicyScope } from './policies/policy.js';
