import { z } from 'zod';
import { endpoint } from './endpoint.js';
import { PersonSummary } from './directory.js';
import { ClientId, Id, PathId, Time } from './ids.js';
import { PageQuery, pageOf } from './page.js';
import { SyncRun } from './synchronisation.js';
import { AdministratorRole, administratorRoles } from './roles.js';

export const Overview = z
  .object({
    people: z.number().int().describe('Active people'),
    disabledPeople: z.number().int().describe('Disabled people'),
    departments: z.number().int().describe('Departments'),
    connections: z.number().int().describe('Signed-in sessions that are not over'),
    lastRun: SyncRun.nullable().describe('Latest synchronisation'),
    alarms: z
      .array(SyncRun)
      .describe('Latest synchronisations of directories that failed or wait for a second person'),
  })
  .meta({ id: 'Overview', description: 'State of the installation in numbers' });
export type Overview = z.infer<typeof Overview>;

export const AdminPerson = PersonSummary.extend({
  email: z.string().nullable().describe('Mail address'),
  staffNumber: z.string().nullable().describe('Staff number'),
  changedAt: Time.describe('Last change taken over from the directory'),
}).meta({ id: 'AdminPerson', description: 'A person as the system administrator sees them' });
export type AdminPerson = z.infer<typeof AdminPerson>;

const ApprovalState = z.enum(['asked', 'approved', 'refused', 'expired', 'used']);

export const Approval = z
  .object({
    id: Id.describe('Request id'),
    operation: z.string().describe('What is to be done, such as audit.export'),
    state: ApprovalState.describe('asked → approved → used; refused, or expired when nobody acts in time'),
    reason: z.string().describe('Why, in the words of the asker'),
    subject: z.record(z.string(), z.unknown()).describe('What exactly is asked, as the operation defines it'),
    askedBy: z.string().describe('Administrator who asks'),
    askedByRole: AdministratorRole.describe('Role in which they ask'),
    askedAt: Time.describe('When'),
    decidedBy: z.string().nullable().describe('Administrator who decided'),
    decidedByRole: AdministratorRole.nullable().describe('Role in which they decided'),
    decidedAt: Time.nullable().describe('When'),
    note: z.string().nullable().describe('What the administrator who decided adds'),
    usedAt: Time.nullable().describe('When the approved operation had run'),
    expiresAt: Time.describe(
      'A request that is not decided by then has ended, an approval that is not used too',
    ),
    mayDecide: z.boolean().describe('Whether the caller may decide on it now'),
  })
  .meta({ id: 'Approval', description: 'A request that a second person decides' });
export type Approval = z.infer<typeof Approval>;

export const administrationApi = {
  overview: endpoint({
    id: 'overview',
    area: 'administration',
    method: 'GET',
    path: '/admin/overview',
    summary: 'State of the installation in numbers',
    callers: ['system-admin'],
    answers: { 200: Overview },
  }),
  adminPeople: endpoint({
    id: 'adminPeople',
    area: 'administration',
    method: 'GET',
    path: '/admin/people',
    summary: 'People of the directory, disabled ones included',
    callers: ['system-admin'],
    query: PageQuery.extend({
      q: z.string().max(100).optional().describe('As in the search of people'),
      department: Id.optional().describe('Only this department itself'),
      state: z.enum(['active', 'disabled']).optional().describe('Only these'),
    }),
    answers: { 200: pageOf(AdminPerson) },
    errors: ['department.not_found'],
  }),
  approvals: endpoint({
    id: 'approvals',
    area: 'administration',
    method: 'GET',
    path: '/admin/approvals',
    summary: "Requests for a second person that the caller's role asks for or decides on, latest first",
    callers: administratorRoles,
    query: PageQuery.extend({
      state: ApprovalState.optional().describe('Only these'),
    }),
    answers: { 200: pageOf(Approval) },
  }),
  decide: endpoint({
    id: 'decide',
    area: 'administration',
    method: 'POST',
    path: '/admin/approvals/:approvalId/decision',
    summary:
      'Approve or refuse a request of somebody else; a repeat with the same clientId is answered alike',
    callers: administratorRoles,
    needsProof: true,
    params: z.object({ approvalId: PathId.describe('Request id') }),
    body: z.object({
      clientId: ClientId,
      approve: z.boolean().describe('true approves, false refuses'),
      note: z.string().max(1000).optional().describe('For the record'),
    }),
    answers: { 200: Approval },
    errors: ['approval.not_found', 'approval.own_request', 'approval.decided'],
  }),
};
