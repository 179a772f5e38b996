import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Injectable, Module, type INestApplicationContext } from '@nestjs/common';
import { z } from 'zod';
import { newId, type AdministratorRole } from '#contracts';
import { Hints } from '#persistence';
import type { AdministratorPrincipal } from '#platform';
import { eventually, makeMigratedDatabase, openModules, type MigratedDatabase } from '#testing';
import { Approvals } from '../approvals/approvals.service.js';
import { GovernanceApiModule, GovernanceModule } from '../governance.module.js';
import { Policies, type PolicyReader } from './policies.service.js';
import { PolicyChanges, type ChangeRequest } from './policy-changes.service.js';
import { PolicyViews } from './policy-views.service.js';
import { installation, type Scope } from './policy.js';

const schema = z.object({ most: z.number().int().min(1) });
const [alice, bob, team, ministry] = [newId(), newId(), newId(), newId()];

@Injectable()
class TestPolicies {
  readonly speed: PolicyReader<{ most: number }>;
  readonly guarded: PolicyReader<{ most: number }>;

  constructor(policies: Policies) {
    const common = { schema, fallback: { most: 10 }, delayMs: 0, scopes: ['department', 'person'] as const };
    this.speed = policies.declare({ name: 'test.speed', changedBy: ['security-admin'], ...common });
    this.guarded = policies.declare({
      name: 'test.guarded',
      changedBy: ['security-admin'],
      approvedBy: ['audit-admin'],
      ...common,
      delayMs: 200,
    });
    const names = new Map([
      [alice, 'Alice'],
      [bob, 'Bob'],
      [team, 'Team'],
      [ministry, 'Ministry'],
    ]);
    policies.placeBy({
      departmentsOf: (id) => Promise.resolve(id === alice ? [[team, ministry]] : [[ministry]]),
      nameOf: ({ id }) => Promise.resolve(names.get(id) ?? null),
      peopleIn: ({ kind }) => Promise.resolve(kind === 'person' ? 1 : 20),
    });
  }
}

@Module({ imports: [GovernanceModule], providers: [TestPolicies] })
class TestPoliciesModule {}

const administrator = (role: AdministratorRole): AdministratorPrincipal => ({
  kind: 'administrator',
  id: newId(),
  role,
  name: role,
  username: role,
  sessionId: newId(),
  address: null,
});
const security = administrator('security-admin');
const auditor = administrator('audit-admin');

describe('a policy', () => {
  let migrated: MigratedDatabase;
  let here: INestApplicationContext;
  let there: INestApplicationContext;

  beforeEach(async () => {
    migrated = await makeMigratedDatabase();
    const open = () =>
      openModules({ DATABASE_URL: migrated.raw.url }, TestPoliciesModule, GovernanceApiModule);
    [here, there] = [await open(), await open()];
  }, 60_000);
  const stop = async () => {
    await here?.close();
    await there?.close();
    await migrated?.drop();
  };
  afterEach(stop);

  const change = (value: object | null, more: Partial<ChangeRequest> = {}, by = security) =>
    here.get(PolicyChanges).change(by, {
      name: 'test.speed',
      scope: installation,
      value,
      clientId: newId(),
      baseVersion: 0,
      reason: 'a test',
      ...more,
    });
  const speed = (process: INestApplicationContext) => process.get(TestPolicies).speed;
  const of = (kind: Scope['kind'], id: string): Scope => ({ kind, id });

  it('holds on every process within a second of its change, also with the bus stopped', async () => {
    expect(speed(there).value()).toEqual({ most: 10 });
    await change({ most: 3 });
    await eventually('it holds there', () => speed(there).value().most === 3, 1000);
    await there.get(Hints).close();
    await change({ most: 4 }, { baseVersion: 1 });
    await eventually('it holds there', () => speed(there).value().most === 4, 1500);
  });

  it('holds for a person before their department, for it before the installation', async () => {
    await change({ most: 1 });
    await change({ most: 2 }, { scope: of('department', ministry) });
    await change({ most: 3 }, { scope: of('person', bob) });
    const reader = speed(here);
    await eventually('all is known', async () => (await reader.valueFor({ personId: bob })).most === 3);
    expect(await reader.valueFor({ personId: alice })).toEqual({ most: 2 });
    await eventually('departments are known', () => reader.valueNow({ personId: alice }).most === 2);
    expect(reader.value()).toEqual({ most: 1 });
    const effect = await here.get(PolicyViews).effect('test.speed', alice);
    expect(effect).toMatchObject({
      value: { most: 2 },
      scope: { kind: 'department', id: ministry },
      version: 1,
    });
    expect(effect.steps.map(({ scopeName, value, decides }) => [scopeName, value, decides])).toEqual([
      ['Alice', null, false],
      ['Team', null, false],
      ['Ministry', { most: 2 }, true],
      [null, { most: 1 }, false],
    ]);
    await change(null, { scope: of('department', ministry), baseVersion: 1 });
    await eventually('it is taken back', async () => (await reader.valueFor({ personId: alice })).most === 1);
  });

  it('is known to a process that starts later', async () => {
    await change({ most: 7 });
    await change({ most: 8 }, { baseVersion: 1 });
    const later = await openModules(
      { DATABASE_URL: migrated.raw.url },
      TestPoliciesModule,
      GovernanceApiModule,
    );
    expect(speed(later).value()).toEqual({ most: 8 });
    await later.close();
  });

  it('keeps every version with what stood before, by whom and why', async () => {
    await change({ most: 3 });
    await change({ most: 4 }, { baseVersion: 1, reason: 'once more' });
    const { items } = await here.get(PolicyViews).versions('test.speed', undefined, 10);
    expect(items).toMatchObject([
      { version: 2, before: { most: 3 }, value: { most: 4 }, reason: 'once more', state: 'set', people: 20 },
      { version: 1, before: null, value: { most: 3 }, changedBy: 'security-admin' },
    ]);
    const entries = await migrated.raw.query(
      `select action, role, details ->> 'reason' as reason from audit.entry where object_id = 'test.speed' order by pos`,
    );
    expect(entries).toEqual([
      { action: 'policy.changed', role: 'security-admin', reason: 'a test' },
      { action: 'policy.changed', role: 'security-admin', reason: 'once more' },
    ]);
  });

  it('is changed once however often the request is sent, and not over what somebody else has changed', async () => {
    const clientId = newId();
    const [one, two] = await Promise.all([
      change({ most: 3 }, { clientId }),
      change({ most: 3 }, { clientId }),
    ]);
    expect(two.id).toBe(one.id);
    await expect(change({ most: 9 }, { clientId })).rejects.toMatchObject({ code: 'client_id_reused' });
    await expect(change({ most: 9 })).rejects.toMatchObject({ code: 'policy.changed_meanwhile' });
  });

  it('refuses who may not change it, what has not its form, and scopes that are not there', async () => {
    await expect(change({ most: 3 }, {}, auditor)).rejects.toMatchObject({ code: 'access.forbidden' });
    await expect(change({ most: 0 })).rejects.toMatchObject({ code: 'request.malformed' });
    await expect(change({ most: 3, more: 1 })).rejects.toMatchObject({ code: 'request.malformed' });
    await expect(change({ most: 3 }, { name: 'test.none' })).rejects.toMatchObject({
      code: 'policy.not_found',
    });
    for (const scope of [of('person', newId()), of('conversation', alice)]) {
      await expect(change({ most: 3 }, { scope })).rejects.toMatchObject({ code: 'policy.scope_not_found' });
    }
  });

  it('that needs a second person holds after the approval and its delay, and not before', async () => {
    const guarded = { name: 'test.guarded' };
    const asked = await change({ most: 5 }, guarded);
    expect(asked).toMatchObject({ state: 'asked', effectiveAt: null });
    await expect(change({ most: 6 }, guarded)).rejects.toMatchObject({ code: 'policy.change_waiting' });
    const approvals = here.get(Approvals);
    const decision = { approvalId: asked.approvalId!, clientId: newId(), approve: true };
    await expect(approvals.decide(security, decision)).rejects.toMatchObject({ code: 'access.forbidden' });
    expect(here.get(TestPolicies).guarded.value()).toEqual({ most: 10 });
    const decided = await approvals.decide(auditor, decision);
    expect(decided.approval.state).toBe('used');
    expect(there.get(TestPolicies).guarded.value()).toEqual({ most: 10 });
    await eventually('it holds there', () => there.get(TestPolicies).guarded.value().most === 5, 1500);
    const { items } = await here.get(PolicyViews).versions('test.guarded', undefined, 10);
    expect(items).toMatchObject([
      { state: 'set', decidedBy: 'audit-admin', before: null, value: { most: 5 } },
    ]);
  });

  it('stays as it was when the second person refuses', async () => {
    const asked = await change({ most: 5 }, { name: 'test.guarded' });
    await here
      .get(Approvals)
      .decide(auditor, { approvalId: asked.approvalId!, clientId: newId(), approve: false });
    const { items } = await here.get(PolicyViews).versions('test.guarded', undefined, 10);
    expect(items).toMatchObject([{ state: 'refused' }]);
    expect(here.get(TestPolicies).guarded.value()).toEqual({ most: 10 });
  });
});
