import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { newId, type AdministratorRole } from '#contracts';
import { Database } from '#persistence';
import { makeMigratedDatabase, openModules, type MigratedDatabase } from '#testing';
import type { AdministratorPrincipal } from '#platform';
import type { ApprovalRow } from './approval.entity.js';
import { Approvals } from './approvals.service.js';
import { GovernanceModule } from '../governance.module.js';

const administrator = (role: AdministratorRole): AdministratorPrincipal => ({
  kind: 'administrator',
  id: newId(),
  role,
  name: role,
  username: role,
  sessionId: newId(),
  address: null,
});

const system = administrator('system-admin');
const security = administrator('security-admin');
const auditor = administrator('audit-admin');
const operation = 'test.launch';

describe('a request for approval', () => {
  let migrated: MigratedDatabase;
  let database: Database;
  let approvals: Approvals;
  let launched: string[];

  let process: INestApplicationContext;

  beforeAll(async () => {
    migrated = await makeMigratedDatabase();
    process = await openModules({ DATABASE_URL: migrated.raw.url }, GovernanceModule);
    database = process.get(Database);
    approvals = process.get(Approvals);
  }, 60_000);
  afterAll(async () => {
    await process?.close();
    await migrated?.drop();
  });

  beforeEach(() => {
    launched = [];
    approvals.identifyBy(() => Promise.resolve(null));
    approvals.declare({
      operation,
      askedBy: ['system-admin'],
      approvedBy: ['system-admin', 'security-admin'],
      usableMs: 60_000,
      onDecision: (_tx, { id, state }) => Promise.resolve(void launched.push(`${state} ${id}`)),
    });
  });

  const ask = (by = system, now?: Date) =>
    database.transaction((tx) =>
      approvals.ask(tx, by, { operation, subject: { rockets: 2 }, reason: 'a test' }, now),
    );
  const decide = (by: AdministratorPrincipal, { id }: ApprovalRow, approve = true, clientId = newId()) =>
    approvals.decide(by, { approvalId: id, clientId, approve });
  const use = ({ id }: ApprovalRow, of = operation, now?: Date) =>
    database.transaction((tx) => approvals.use(tx, id, of, now));
  const statesSeenBy = async (by: AdministratorPrincipal, { id }: ApprovalRow) => {
    const states = ['asked', 'approved', 'refused', 'expired', 'used'] as const;
    const pages = await Promise.all(states.map((state) => approvals.list(by, { state, limit: 100 })));
    return states.filter((_, i) => pages[i]!.items.some(({ approval }) => approval.id === id));
  };

  it('goes from asked to approved to used, and is used once', async () => {
    const asked = await ask();
    expect(await statesSeenBy(security, asked)).toEqual(['asked']);
    await expect(use(asked)).rejects.toMatchObject({ code: 'approval.not_approved' });
    await decide(security, asked);
    expect(launched).toEqual([`approved ${asked.id}`]);
    expect(await statesSeenBy(security, asked)).toEqual(['approved']);
    await expect(use(asked, 'test.other')).rejects.toMatchObject({ code: 'approval.not_approved' });
    await use(asked);
    expect(await statesSeenBy(system, asked)).toEqual(['used']);
    await expect(use(asked)).rejects.toMatchObject({ code: 'approval.not_approved' });
  });

  it('is used by one of two who want it at the same time', async () => {
    const asked = await ask();
    await decide(security, asked);
    const outcomes = await Promise.allSettled([use(asked), use(asked), use(asked)]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is decided once; a repeat of the decision gets the first outcome', async () => {
    const asked = await ask();
    const clientId = newId();
    await decide(security, asked, false, clientId);
    const repeat = await decide(security, asked, false, clientId);
    expect(repeat.approval.state).toBe('refused');
    await expect(decide(administrator('security-admin'), asked)).rejects.toMatchObject({
      code: 'approval.decided',
    });
    await expect(use(asked)).rejects.toMatchObject({ code: 'approval.not_approved' });
    expect(launched).toEqual([`refused ${asked.id}`]);
  });

  it('expires when nobody decides in time, and an approval when nobody uses it in time', async () => {
    const old = await ask(system, new Date(Date.now() - 8 * 86_400_000));
    await expect(decide(security, old)).rejects.toMatchObject({ code: 'approval.decided' });
    expect(await statesSeenBy(security, old)).toEqual(['expired']);
    const asked = await ask();
    await decide(security, asked);
    const tooLate = new Date(Date.now() + 61_000);
    await expect(use(asked, operation, tooLate)).rejects.toMatchObject({ details: { state: 'expired' } });
  });

  it('is asked and decided by the roles its owner declares, and unknown to others', async () => {
    await expect(ask(security)).rejects.toMatchObject({ code: 'access.forbidden' });
    const asked = await ask();
    await expect(decide(auditor, asked)).rejects.toMatchObject({ code: 'approval.not_found' });
    expect(await statesSeenBy(auditor, asked)).toEqual([]);
    await expect(decide(security, { ...asked, id: newId() })).rejects.toMatchObject({
      code: 'approval.not_found',
    });
  });

  it('is not decided by its asker, nor by another account of the same person', async () => {
    const other = administrator('system-admin');
    const person = newId();
    const accounts = new Set([system.id, other.id]);
    approvals.identifyBy((id) => Promise.resolve(accounts.has(id) ? person : null));
    const asked = await ask();
    await expect(decide(system, asked)).rejects.toMatchObject({ code: 'approval.own_request' });
    await expect(decide(other, asked)).rejects.toMatchObject({ code: 'approval.own_request' });
    const { items } = await approvals.list(other, { state: 'asked', limit: 1 });
    expect(items[0]).toMatchObject({ approval: { id: asked.id }, mayDecide: false });
    await decide(administrator('system-admin'), asked);
  });

  it('is not decided by its asker in the database either, whoever writes there', async () => {
    const person = newId();
    approvals.identifyBy(() => Promise.resolve(person));
    const asked = await ask();
    const decision = (set: string) =>
      migrated.raw.query(
        `update governance.approval
            set state = 'approved', decided_by_name = 'x', decided_by_role = 'security-admin', ${set} where id = $1`,
        [asked.id],
      );
    await expect(decision('decided_by = asked_by')).rejects.toThrow('approval_by_another');
    await expect(
      decision('decided_by = gen_random_uuid(), decided_by_person = asked_by_person'),
    ).rejects.toThrow('approval_by_another_person');
  });

  it('stands in the trail with its operation and the note', async () => {
    const asked = await ask();
    await approvals.decide(security, {
      approvalId: asked.id,
      clientId: newId(),
      approve: false,
      note: 'not now',
    });
    const entries = await migrated.raw.query(
      `select action, role, details from audit.entry where object_id = $1`,
      [asked.id],
    );
    expect(entries).toEqual([
      { action: 'approval.refused', role: 'security-admin', details: { operation, note: 'not now' } },
    ]);
  });

  it('cannot be declared so that three administrators would have nobody to decide', () => {
    const alone = { operation: 'test.alone', askedBy: ['audit-admin'], approvedBy: ['audit-admin'] } as const;
    expect(() => approvals.declare(alone)).toThrow('nobody could decide');
    expect(() => approvals.declare({ ...alone, operation: 'Launch' })).toThrow('not named object.verb');
  });
});
