import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort, ldapSearch, SambaServer, SlapdServer } from '#testing';

const isAtHand = Boolean(process.env['LDAPSEARCH']);

(isAtHand && SlapdServer.isAtHand ? describe : describe.skip)('a slapd of a test', () => {
  let server: SlapdServer;

  beforeAll(async () => {
    server = new SlapdServer(await freePort());
    await server.start();
  });
  afterAll(() => server?.close());

  it('shows what it holds to its account, as long as that may read', async () => {
    await server.asAdministrator((client) =>
      client.add(`ou=财政部,${server.baseDn}`, { objectClass: 'organizationalUnit', ou: '财政部' }),
    );
    const units = () =>
      ldapSearch({
        ...server,
        base: server.baseDn,
        filter: '(objectClass=organizationalUnit)',
        attributes: ['ou', 'entryUUID'],
      });
    const [found] = await units();
    expect(found!.attributes.get('ou')?.map(String)).toEqual(['财政部']);
    expect(found!.attributes.get('entryuuid')).toHaveLength(1);
    await server.allowReading(false);
    expect(await units()).toEqual([]);
    await server.allowReading(true);
    expect(await units()).toEqual([found]);
  });
});

(isAtHand && SambaServer.isAtHand ? describe : describe.skip)('a domain of a test', () => {
  const server = new SambaServer();

  beforeAll(() => server.start(), 120_000);
  afterAll(() => server.close());

  it('shows what it holds to its account, as long as that may read', async () => {
    await server.asAdministrator((client) =>
      client.add(`OU=财政部,${server.baseDn}`, { objectClass: 'organizationalUnit' }),
    );
    const units = () =>
      ldapSearch({ ...server, base: server.baseDn, filter: '(ou=财政部)', attributes: ['ou', 'objectGUID'] });
    const [found] = await units();
    expect(found!.attributes.get('ou')?.map(String)).toEqual(['财政部']);
    expect(found!.attributes.get('objectguid')?.[0]).toHaveLength(16);
    await server.allowReading(false);
    expect(await units()).toEqual([]);
    await server.allowReading(true);
    expect(await units()).toEqual([found]);
  }, 60_000);
});
