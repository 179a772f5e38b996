import { z } from 'zod';
import { endpoint } from './endpoint.js';
import { ClientId, Id, PathId, Time } from './ids.js';
import { PageQuery, pageOf } from './page.js';

export const SyncCounts = z
  .object({
    peopleRead: z.number().int().describe('People the directory delivered'),
    departmentsRead: z.number().int().describe('Departments the directory delivered'),
    peopleAdded: z.number().int().describe('New people'),
    peopleChanged: z.number().int().describe('People with changed attributes or posts'),
    peopleDisabled: z.number().int().describe('People disabled or gone'),
    departmentsAdded: z.number().int().describe('New departments'),
    departmentsChanged: z.number().int().describe('Renamed or moved departments'),
    departmentsRemoved: z.number().int().describe('Departments that are gone'),
  })
  .meta({ id: 'SyncCounts', description: 'What a synchronisation does' });
export type SyncCounts = z.infer<typeof SyncCounts>;

export const SyncProblem = z
  .object({
    kind: z.string().describe('Class of the problem'),
    subject: z.string().describe('Entry of the directory it concerns'),
    message: z.string().describe('What is wrong, in a sentence'),
  })
  .meta({ id: 'SyncProblem', description: 'Something in the directory that could not be taken over' });
export type SyncProblem = z.infer<typeof SyncProblem>;

export const SyncStop = z
  .object({
    guard: z
      .enum([
        'losses',
        'department_losses',
        'departments_removed',
        'attribute_losses',
        'protected',
        'roots',
        'conflicts',
      ])
      .describe('Which guard stopped the plan'),
    count: z.number().int().describe('What was counted'),
    bound: z.number().int().describe('How much passes without a second person'),
    subject: z.string().describe('Department, attribute or account it is about; empty where it is about all'),
  })
  .meta({ id: 'SyncStop', description: 'Why a plan needs a second person' });
export type SyncStop = z.infer<typeof SyncStop>;

export const SyncRun = z
  .object({
    id: Id.describe('Run id'),
    source: z.string().describe('Name of the directory'),
    kind: z
      .enum(['full', 'incremental', 'dry', 'undo'])
      .describe(
        'full: all is read and taken over; incremental: only what changed; dry: nothing is done; undo: takes a run back',
      ),
    state: z
      .enum(['running', 'waiting', 'applying', 'done', 'failed', 'refused', 'superseded'])
      .describe(
        'waiting: a guard stopped the plan, nobody was changed; failed: nothing was changed beyond what was applied',
      ),
    startedAt: Time.describe('Begin'),
    finishedAt: Time.nullable().describe('End; null while it runs or waits'),
    counts: SyncCounts,
    problemCount: z.number().int().describe('All problems; the report lists the first hundred of each class'),
    problems: z.array(SyncProblem).describe('At most a hundred'),
    failure: z.string().nullable().describe('Why the run failed, in a sentence'),
    stops: z.array(SyncStop).describe('Why the plan needs a second person; empty where it does not'),
    changeCount: z.number().int().describe('Changes of the plan'),
    skippedCount: z.number().int().describe('Changes left out because their subject changed meanwhile'),
    readMs: z.number().int().describe('Milliseconds of reading and comparing'),
    applyMs: z.number().int().describe('Milliseconds of applying'),
    approvalId: Id.nullable().describe('The request a second person decides'),
    undoes: Id.nullable().describe('The run that this one takes back'),
    canUndo: z.boolean().describe('Whether the run can still be taken back'),
  })
  .meta({ id: 'SyncRun', description: 'One synchronisation with the directory' });
export type SyncRun = z.infer<typeof SyncRun>;

const Values = z.record(z.string(), z.unknown());

export const SyncChange = z
  .object({
    ordinal: z.number().int().describe('Place in the plan, in the order of applying'),
    subject: z.enum(['person', 'department']).describe('What is changed'),
    subjectId: Id.describe('Its id'),
    name: z.string().describe('Its name'),
    change: z.enum(['added', 'changed', 'disabled', 'enabled', 'gone']).describe('What happens to it'),
    before: Values.nullable().describe('Values that change, as they were; null for something new'),
    after: Values.describe('The same values afterwards'),
    state: z
      .enum(['planned', 'applied', 'skipped'])
      .describe('skipped: it was changed otherwise since the plan was made, and was left alone'),
  })
  .meta({ id: 'SyncChange', description: 'One change of a plan' });
export type SyncChange = z.infer<typeof SyncChange>;

const runParams = z.object({ runId: PathId.describe('Run id') });
const administrators = ['system-admin', 'security-admin', 'audit-admin'] as const;

export const synchronisationApi = {
  syncRuns: endpoint({
    id: 'syncRuns',
    area: 'administration',
    method: 'GET',
    path: '/admin/directory/runs',
    summary: 'Synchronisations, latest first',
    callers: administrators,
    query: PageQuery,
    answers: { 200: pageOf(SyncRun) },
  }),
  syncRun: endpoint({
    id: 'syncRun',
    area: 'administration',
    method: 'GET',
    path: '/admin/directory/runs/:runId',
    summary: 'One synchronisation',
    callers: administrators,
    params: runParams,
    answers: { 200: SyncRun },
    errors: ['directory.run_not_found'],
  }),
  syncChanges: endpoint({
    id: 'syncChanges',
    area: 'administration',
    method: 'GET',
    path: '/admin/directory/runs/:runId/changes',
    summary: 'The plan of a synchronisation, in the order of applying',
    callers: ['system-admin', 'security-admin'],
    params: runParams,
    query: PageQuery.extend({
      change: SyncChange.shape.change.optional().describe('Only these'),
    }),
    answers: { 200: pageOf(SyncChange) },
    errors: ['directory.run_not_found'],
  }),
  syncReport: endpoint({
    id: 'syncReport',
    area: 'administration',
    method: 'GET',
    path: '/admin/directory/runs/:runId/report',
    summary: 'Counts, guards, problems and the plan as CSV; every download stands in the trail',
    callers: ['system-admin', 'audit-admin'],
    params: runParams,
    answers: { 200: 'The report as CSV (RFC 4180) in UTF-8' },
    errors: ['directory.run_not_found'],
  }),
  syncNow: endpoint({
    id: 'syncNow',
    area: 'administration',
    method: 'POST',
    path: '/admin/directory/sync',
    summary: 'Start a synchronisation now; it goes on by itself',
    callers: ['system-admin'],
    body: z.object({
      clientId: ClientId,
      dry: z.boolean().default(false).describe('true: a plan is made, and nothing else'),
    }),
    answers: { 202: z.object({}).describe('It starts; see the runs') },
    errors: ['directory.sync_running'],
  }),
  syncAskApproval: endpoint({
    id: 'syncAskApproval',
    area: 'administration',
    method: 'POST',
    path: '/admin/directory/runs/:runId/approval',
    summary: 'Ask a second person to let a plan pass that a guard stopped',
    callers: ['system-admin'],
    params: runParams,
    body: z.object({
      clientId: ClientId,
      reason: z.string().trim().min(5).max(1000).describe('Why it is right, for the one who decides'),
    }),
    answers: { 200: SyncRun },
    errors: ['directory.run_not_found', 'directory.run_state'],
  }),
  syncUndo: endpoint({
    id: 'syncUndo',
    area: 'administration',
    method: 'POST',
    path: '/admin/directory/runs/:runId/undo',
    summary:
      'Take a synchronisation back, up to 30 days later, by a new plan; its source is paused so that the next run does not repeat it',
    callers: ['system-admin'],
    params: runParams,
    body: z.object({ clientId: ClientId }),
    answers: { 202: z.object({}).describe('It starts; see the runs') },
    errors: ['directory.run_not_found', 'directory.run_state', 'directory.sync_running'],
  }),
};
