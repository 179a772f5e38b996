import { z } from 'zod';
import { endpoint } from './endpoint.js';
import { ClientId, Id, PathId, Time } from './ids.js';
import { PageQuery, pageOf } from './page.js';

export const AuditEntry = z
  .object({
    seq: z.number().int().describe('Place in the trail, without gaps'),
    at: Time.describe('When it was committed'),
    action: z.string().describe('What was done, such as export.approved'),
    outcome: z.enum(['done', 'denied', 'failed']).describe('How it ended'),
    actorKind: z
      .enum(['person', 'administrator', 'bot', 'system', 'anonymous'])
      .describe('Kind of the actor'),
    actorId: z.string().nullable().describe('Who'),
    actorName: z.string().nullable().describe('Name at that time'),
    role: z.string().nullable().describe('Role in use'),
    objectKind: z.string().nullable().describe('Kind of the object'),
    objectId: z.string().nullable().describe('The object'),
    address: z.string().nullable().describe('Network address of the request'),
    details: z.record(z.string(), z.unknown()).describe('What the action adds; never what people write'),
  })
  .meta({ id: 'AuditEntry', description: 'One entry of the audit trail' });
export type AuditEntry = z.infer<typeof AuditEntry>;

export const ExportRequest = z.object({
  clientId: ClientId,
  personIds: z.array(Id).min(1).max(100).describe('People whose conversations are exported, at most 100'),
  from: Time.describe('Messages from this time on'),
  to: Time.describe('Messages before this time'),
  reason: z.string().trim().min(5).max(1000).describe('Why, for the approver and the trail'),
});
export type ExportRequest = z.infer<typeof ExportRequest>;

export const ExportFile = z
  .object({
    name: z.string().describe('Name in the export'),
    size: z.number().int().describe('Bytes'),
    sha256: z.string().describe('SHA-256, hexadecimal'),
  })
  .meta({ id: 'ExportFile', description: 'A file of an export' });
export type ExportFile = z.infer<typeof ExportFile>;

export const Export = z
  .object({
    id: Id.describe('Export id'),
    approvalId: Id.describe('The request a second person decides'),
    state: z
      .enum(['asked', 'refused', 'expired', 'queued', 'running', 'done', 'failed'])
      .describe('asked → queued → running → done; refused or expired without approval'),
    askedBy: z.string().describe('Administrator who asked'),
    askedAt: Time.describe('When'),
    decidedBy: z.string().nullable().describe('Administrator who decided'),
    personIds: z.array(Id).describe('People whose conversations are exported'),
    from: Time.describe('Messages from this time on'),
    to: Time.describe('Messages before this time'),
    reason: z.string().describe('Why'),
    conversationCount: z.number().int().describe('Conversations in the export, as far as it is made'),
    eventCount: z.number().int().describe('Events in the export, as far as it is made'),
    files: z.array(ExportFile).describe('Once done'),
    failure: z.string().nullable().describe('Why it failed, in a sentence'),
  })
  .meta({ id: 'Export', description: 'An export of conversations' });
export type Export = z.infer<typeof Export>;

const params = z.object({ exportId: PathId.describe('Export id') });

export const auditApi = {
  trail: endpoint({
    id: 'trail',
    area: 'audit',
    method: 'GET',
    path: '/audit/trail',
    summary: 'The audit trail, latest first',
    callers: ['audit-admin'],
    query: PageQuery.extend({
      action: z.string().max(64).optional().describe('Only this action'),
      actorId: z.string().max(64).optional().describe('Only this actor'),
      objectId: z.string().max(64).optional().describe('Only what was done to this object, such as a file'),
      from: Time.optional().describe('From this time on'),
      to: Time.optional().describe('Before this time'),
    }),
    answers: { 200: pageOf(AuditEntry) },
  }),
  askExport: endpoint({
    id: 'askExport',
    area: 'audit',
    method: 'POST',
    path: '/audit/exports',
    summary: 'Ask for an export; it is made once the security administrator approves',
    callers: ['audit-admin'],
    needsProof: true,
    body: ExportRequest,
    answers: { 202: Export },
    errors: ['person.not_found', 'client_id_reused'],
  }),
  exports: endpoint({
    id: 'exports',
    area: 'audit',
    method: 'GET',
    path: '/audit/exports',
    summary: 'Exports, latest first',
    callers: ['audit-admin', 'security-admin'],
    query: PageQuery,
    answers: { 200: pageOf(Export) },
  }),
  export: endpoint({
    id: 'export',
    area: 'audit',
    method: 'GET',
    path: '/audit/exports/:exportId',
    summary: 'One export and how far it is',
    callers: ['audit-admin', 'security-admin'],
    params,
    answers: { 200: Export },
    errors: ['export.not_found'],
  }),
  exportFile: endpoint({
    id: 'exportFile',
    area: 'audit',
    method: 'GET',
    path: '/audit/exports/:exportId/files/:name',
    summary: 'Download a file of a finished export; every download stands in the trail',
    callers: ['audit-admin'],
    params: params.extend({ name: z.string().max(120).describe('Name of the file') }),
    answers: { 200: 'The bytes of the file' },
    errors: ['export.not_found', 'export.not_ready'],
  }),
};
