import { Module } from '@nestjs/common';
import { AuditStore } from './audit.store.js';
import { AuditTrail } from './audit-trail.service.js';
import { TrailController } from './trail.controller.js';

/** The trail, to write to. */
@Module({ providers: [AuditStore, AuditTrail], exports: [AuditTrail, AuditStore] })
export class AuditModule {}

/** The trail, to read. */
@Module({ imports: [AuditModule], controllers: [TrailController] })
export class AuditApiModule {}
