import { Attribute, Change } from 'ldapts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#contracts';
import { Employee, eventually, officeServers, SambaServer, World } from '#testing';

const office = officeServers.find(({ kind }) => kind === 'active-directory')!;
const password = 'Right.2026';

(office.isAtHand ? describe : describe.skip)('an Active Directory', () => {
  const domain = new SambaServer();
  let world: World;
  let employee: Employee | undefined;
  const unit = `OU=财政部,${domain.baseDn}`;
  const nameOf = (username: string) => `CN=${username},${unit}`;

  beforeAll(async () => {
    await domain.start();
    await domain.tool('domain', 'passwordsettings', 'set', '--complexity=off', '--min-pwd-age=0');
    await domain.asAdministrator(async (client) => {
      await client.add(unit, { objectClass: 'organizationalUnit' });
      for (const username of ['lin', 'zhao', 'qian']) {
        await client.add(nameOf(username), {
          objectClass: 'user',
          sAMAccountName: username,
          displayName: username,
          userAccountControl: '544',
        });
      }
    });
    await domain.tool('user', 'setpassword', 'lin', `--newpassword=${password}`);
    world = await World.start();
  }, 180_000);
  afterAll(async () => {
    employee?.close();
    await world?.stop();
    await domain.close();
  }, 30_000);

  it('disables somebody: within a minute they are out, and nobody asked for a synchronisation', async () => {
    const admin = await world.administrator('system-admin');
    const source = await admin.call('addDirectorySource', {
      body: {
        clientId: newId(),
        name: 'AD',
        bindPassword: domain.account.password,
        settings: {
          kind: 'active-directory',
          hosts: [{ host: domain.address, port: domain.securePort }],
          security: 'ldaps',
          authorities: domain.authorities,
          serverName: domain.serverName,
          bindDn: domain.account.dn,
          peopleBases: [unit],
          departmentBases: [unit],
          peopleFilter: office.reading.peopleFilter,
          departmentsFilter: office.reading.departmentsFilter,
          attributes: office.reading.attributes as never,
        },
      },
    });
    await admin.call('pauseDirectorySource', {
      params: { sourceId: source.id },
      body: { clientId: newId(), state: 'active' },
    });
    const lin = new Employee(
      { username: 'lin', password, displayName: 'lin', role: 'employee' },
      world.address,
    );
    employee = lin;
    await eventually(
      'the source is read by itself',
      async () => {
        const { items } = await admin.call('directorySources', { query: {} });
        return items.find(({ id }) => id === source.id)?.people === 3;
      },
      20_000,
    );
    await lin.signsIn();
    const account = new Attribute({ type: 'userAccountControl', values: ['546'] });
    await domain.asAdministrator((client) =>
      client.modify(nameOf('lin'), new Change({ operation: 'replace', modification: account })),
    );
    await eventually('lin is cut off', () => lin.device.client.state === 'ended', 60_000);
    await expect(
      admin.call('login', { body: { username: 'lin', password, device: { name: 't', platform: 'node' } } }),
    ).rejects.toMatchObject({ code: 'auth.account_disabled' });
    const [run] = (await admin.call('syncRuns', { query: {} })).items;
    expect(run).toMatchObject({ source: 'AD', kind: 'incremental', counts: { peopleDisabled: 1 } });
  }, 120_000);
});
