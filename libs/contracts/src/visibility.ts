import { z } from 'zod';
import { endpoint } from './endpoint.js';
import { ClientId, Id, Time } from './ids.js';
import { PageQuery, pageOf } from './page.js';

/** Fields of a card that a rule can withhold. */
export const withheldFields = ['phone', 'mobile', 'email', 'staffNumber'] as const;

export const PeopleScope = z
  .object({
    everybody: z.boolean().default(false).describe('Everybody; the rest is then without effect'),
    departmentIds: z
      .array(Id)
      .max(50)
      .default([])
      .describe('With a post in one of these departments, or below one'),
    maxRank: z
      .number()
      .int()
      .min(1)
      .nullable()
      .default(null)
      .describe('Of this rank or a higher one; 1 is the highest'),
    personIds: z.array(Id).max(100).default([]).describe('These people'),
  })
  .meta({ id: 'PeopleScope', description: 'People, by any of what is given' });
export type PeopleScope = z.infer<typeof PeopleScope>;

export const VisibilityRule = z
  .object({
    name: z.string().trim().min(1).max(80).describe('What it is for, for administrators'),
    effect: z
      .enum(['hide', 'withhold', 'protect'])
      .describe(
        'hide: as if they did not exist; withhold: without the fields; protect: nobody begins a conversation with them',
      ),
    fields: z.array(z.enum(withheldFields)).max(4).default([]).describe('What `withhold` withholds'),
    of: PeopleScope.describe('Whom it protects'),
    notOf: PeopleScope.describe('Of these, whom it does not protect'),
    from: PeopleScope.describe('From whom'),
    notFrom: PeopleScope.describe('Of these, who are free of it'),
    exceptColleagues: z
      .boolean()
      .default(false)
      .describe('Free between people with a post in the same department'),
  })
  .meta({ id: 'VisibilityRule', description: 'Who may not see, read or address whom' });
export type VisibilityRule = z.infer<typeof VisibilityRule>;

const rules = z
  .array(VisibilityRule)
  .max(50)
  .describe('All rules, at most 50; whatever one forbids is forbidden');

export const VisibilityVersion = z
  .object({
    version: z.number().int().describe('0 before the first rules'),
    rules,
    reason: z.string().describe('Why they were changed'),
    changedBy: z.string().nullable().describe('Administrator who changed them'),
    changedAt: Time.nullable().describe('When'),
  })
  .meta({ id: 'VisibilityVersion', description: 'The rules of visibility as of one change' });
export type VisibilityVersion = z.infer<typeof VisibilityVersion>;

export const VisibilityEffect = z
  .object({
    people: z.number().int().describe('Active people whom the rule protects'),
    viewers: z.number().int().describe('Active people from whom it protects them'),
  })
  .meta({ id: 'VisibilityEffect', description: 'How far a rule reaches' });
export type VisibilityEffect = z.infer<typeof VisibilityEffect>;

export const VisibilityPreview = z
  .object({
    effects: z.array(VisibilityEffect).describe('Of each rule, in their order'),
    people: z.number().int().describe('Active people'),
    seenNow: z
      .number()
      .int()
      .nullable()
      .describe('Of these, whom the named person sees now; null without one'),
    seenThen: z.number().int().nullable().describe('And with these rules'),
  })
  .meta({ id: 'VisibilityPreview', description: 'What rules would do' });
export type VisibilityPreview = z.infer<typeof VisibilityPreview>;

export const visibilityApi = {
  visibility: endpoint({
    id: 'visibility',
    area: 'administration',
    method: 'GET',
    path: '/admin/visibility',
    summary: 'The rules of visibility that hold now',
    callers: ['security-admin', 'audit-admin'],
    answers: { 200: VisibilityVersion },
  }),
  visibilityVersions: endpoint({
    id: 'visibilityVersions',
    area: 'administration',
    method: 'GET',
    path: '/admin/visibility/versions',
    summary: 'Every version of the rules, latest first',
    callers: ['security-admin', 'audit-admin'],
    query: PageQuery,
    answers: { 200: pageOf(VisibilityVersion) },
  }),
  previewVisibility: endpoint({
    id: 'previewVisibility',
    area: 'administration',
    method: 'POST',
    path: '/admin/visibility/preview',
    summary: 'What rules would do, in numbers; changes nothing',
    callers: ['security-admin'],
    body: z.object({ rules, personId: Id.optional().describe('Somebody whose view is counted') }),
    answers: { 200: VisibilityPreview },
    errors: ['person.not_found'],
  }),
  setVisibility: endpoint({
    id: 'setVisibility',
    area: 'administration',
    method: 'PUT',
    path: '/admin/visibility',
    summary: 'Replace the rules; they hold at once. A repeat with the same clientId is answered alike',
    callers: ['security-admin'],
    body: z.object({
      clientId: ClientId,
      version: z.number().int().min(0).describe('The version that was edited'),
      rules,
      reason: z.string().trim().min(5).max(1000).describe('Why, for the trail'),
    }),
    answers: { 200: VisibilityVersion },
    errors: ['visibility.changed', 'client_id_reused'],
  }),
};
