/**
 * The audit trail every domain writes to.
 *
 * Owns: the schema `audit`. Promises: an act and its entry are committed together; entries are numbered without a
 * gap in the order of their commits; rows are only ever added. Must not: hold what people write.
 */
export { AuditStore } from './audit.store.js';
export { AuditTrail, type Act } from './audit-trail.service.js';
export { AuditApiModule, AuditModule } from './audit.module.js';
