import { z } from 'zod';
import { endpoint } from './endpoint.js';
import { ClientId, Id, NIL_ID, Time } from './ids.js';
import { PageQuery, pageOf } from './page.js';
import { AdministratorRole, administratorRoles } from './roles.js';

export const PolicyScope = z
  .object({
    kind: z
      .enum(['installation', 'department', 'conversation', 'person'])
      .describe('A department is meant with those below it'),
    id: Id.default(NIL_ID).describe('Whom or what; absent for the installation'),
  })
  .meta({ id: 'PolicyScope', description: 'What a version of a policy is about' });
export type PolicyScope = z.infer<typeof PolicyScope>;

const Value = z.record(z.string(), z.unknown());

export const PolicyVersion = z
  .object({
    id: Id.describe('Version id'),
    name: z.string().describe('The policy'),
    version: z.number().int().describe('Number of the version for its scope, from 1'),
    scope: PolicyScope.describe('What it is about'),
    scopeName: z.string().nullable().describe('What that was called; null for the installation'),
    state: z
      .enum(['asked', 'refused', 'expired', 'scheduled', 'set'])
      .describe('asked: a second person decides; scheduled: it takes effect later; set: it took effect'),
    before: Value.nullable().describe('What stood for the scope before; null: nothing'),
    value: Value.nullable().describe('What is decided; null takes back what was decided before'),
    reason: z.string().describe('Why'),
    people: z.number().int().describe('People it concerned when it was asked for'),
    changedBy: z.string().describe('Administrator who changed it'),
    changedByRole: AdministratorRole.describe('Role in which they did'),
    changedAt: Time.describe('When'),
    approvalId: Id.nullable().describe('The request a second person decides; null where none is needed'),
    decidedBy: z.string().nullable().describe('Administrator who decided'),
    effectiveAt: Time.nullable().describe('From when on it holds; null while it is not decided'),
  })
  .meta({ id: 'PolicyVersion', description: 'A version of a policy, for one scope' });
export type PolicyVersion = z.infer<typeof PolicyVersion>;

export const Policy = z
  .object({
    name: z.string().describe('Name, such as files.limit'),
    scopes: z.array(PolicyScope.shape.kind).describe('What it can be decided for'),
    changedBy: z.array(AdministratorRole).describe('Who may change it'),
    approvedBy: z
      .array(AdministratorRole)
      .describe('A second person of one of these roles decides; empty: none'),
    delayMs: z.number().int().describe('How long a change that is made waits before it takes effect'),
    schema: z.record(z.string(), z.unknown()).describe('Its form, as a JSON Schema'),
    fallback: Value.describe('The default: what holds where nobody has decided'),
    value: Value.describe('What holds for the installation now'),
    version: z.number().int().describe('The version that holds for the installation; 0: the default'),
    exceptions: z
      .number()
      .int()
      .describe('Departments, conversations and people for whom something else stands'),
    latest: PolicyVersion.nullable().describe('The change made last, for whatever scope'),
  })
  .meta({ id: 'Policy', description: 'Something that is decided while the product runs' });
export type Policy = z.infer<typeof Policy>;

export const PolicyEffect = z
  .object({
    value: Value.describe('What holds for them'),
    scope: PolicyScope.nullable().describe('The scope that decided; null: the default'),
    version: z.number().int().describe('Its version; 0: the default'),
    steps: z
      .array(
        z.object({
          scope: PolicyScope.describe('A scope that could have decided'),
          scopeName: z.string().nullable().describe('What it is called; null for the installation'),
          version: z.number().int().describe('The version that stands for it; 0: none'),
          value: Value.nullable().describe('What stands for it; null: nothing'),
          decides: z.boolean().describe('Whether this one decides'),
        }),
      )
      .describe('All that was looked at, the one that decides first on top'),
  })
  .meta({ id: 'PolicyEffect', description: 'What a policy says for one person, and why' });
export type PolicyEffect = z.infer<typeof PolicyEffect>;

const params = z.object({ name: z.string().max(64).describe('Name of the policy') });
const change = z.object({
  scope: PolicyScope.describe('What it is about'),
  value: Value.nullable().describe('By the schema of the policy; null takes back what was decided before'),
});

export const policiesApi = {
  policies: endpoint({
    id: 'policies',
    area: 'administration',
    method: 'GET',
    path: '/admin/policies',
    summary: 'What can be decided while the product runs, with what holds now; always one page',
    callers: administratorRoles,
    answers: { 200: pageOf(Policy) },
  }),
  policyVersions: endpoint({
    id: 'policyVersions',
    area: 'administration',
    method: 'GET',
    path: '/admin/policies/:name/versions',
    summary: 'Changes of a policy with before and after, latest first',
    callers: administratorRoles,
    params,
    query: PageQuery,
    answers: { 200: pageOf(PolicyVersion) },
    errors: ['policy.not_found'],
  }),
  previewPolicy: endpoint({
    id: 'previewPolicy',
    area: 'administration',
    method: 'POST',
    path: '/admin/policies/:name/preview',
    summary: 'How many people a change would concern; changes nothing',
    callers: administratorRoles,
    params,
    body: change,
    answers: {
      200: z.object({ people: z.number().int().describe('People the change would concern') }),
    },
    errors: ['policy.not_found', 'policy.scope_not_found'],
  }),
  changePolicy: endpoint({
    id: 'changePolicy',
    area: 'administration',
    method: 'POST',
    path: '/admin/policies/:name/versions',
    summary: 'Change a policy, or ask for it where a second person decides',
    callers: administratorRoles,
    needsProof: true,
    params,
    body: change.extend({
      clientId: ClientId,
      baseVersion: z
        .number()
        .int()
        .min(0)
        .describe('The version that stood for the scope when this was decided; 0: none'),
      reason: z.string().trim().min(5).max(1000).describe('Why, for the record'),
    }),
    answers: { 202: PolicyVersion },
    errors: [
      'policy.not_found',
      'policy.scope_not_found',
      'policy.changed_meanwhile',
      'policy.change_waiting',
      'policy.too_many_scopes',
      'client_id_reused',
    ],
  }),
  policyEffect: endpoint({
    id: 'policyEffect',
    area: 'administration',
    method: 'GET',
    path: '/admin/policies/:name/effect',
    summary: 'What a policy says for one person, and which scope decided',
    callers: administratorRoles,
    params,
    query: z.object({ personId: Id.describe('Whom') }),
    answers: { 200: PolicyEffect },
    errors: ['policy.not_found', 'person.not_found'],
  }),
};
