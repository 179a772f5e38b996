import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#contracts';
import { makeMigratedDatabase, type MigratedDatabase } from '#testing';

describe('the three administrators', () => {
  let migrated: MigratedDatabase;

  beforeAll(async () => {
    migrated = await makeMigratedDatabase();
  }, 60_000);
  afterAll(() => migrated?.drop());

  const account = (role: string, personId: string | null) =>
    migrated.raw.query(
      `insert into access.administrator (id, username, display_name, role, password_hash, person_id)
       values ($1::uuid, $1::text, 'x', $2, 'x', $3)`,
      [newId(), role, personId],
    );
  const session = (kind: string, role: string | null) =>
    migrated.raw.query(
      `insert into access.session (id, account_kind, account_id, username, display_name, role, device_name, platform,
         created_at, used_at, expires_at, refresh_hash)
       values ($1, $2, $1, 'x', 'x', $3, 'x', 'web', now(), now(), now(), '')`,
      [newId(), kind, role],
    );

  it('are accounts of one role, and nobody has two of them', async () => {
    const person = newId();
    await account('system-admin', person);
    await expect(account('audit-admin', person)).rejects.toThrow('administrator_person');
    await expect(account('system-admin', person)).rejects.toThrow('administrator_person');
    await account('audit-admin', newId());
    await account('security-admin', null);
    for (const roles of ['system-admin,audit-admin', 'employee', '']) {
      await expect(account(roles, null)).rejects.toThrow('administrator_role_check');
    }
  });

  it('have a role in their sessions, and nobody else has', async () => {
    await session('administrator', 'audit-admin');
    await session('person', null);
    await expect(session('person', 'audit-admin')).rejects.toThrow('session_role_check');
    await expect(session('bot', 'system-admin')).rejects.toThrow('session_role_check');
    await expect(session('administrator', null)).rejects.toThrow('session_role_check');
  });
});
