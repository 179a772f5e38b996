import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DirectorySourceSettings } from '#contracts';
import { readSettings } from '#platform';
import { ScriptedDirectory, scriptedAccount, scriptedBase } from '#testing';
import { sourceOfSettings } from '../sources/settings-source.js';
import { Connections } from './connection.js';
import { DirectoryReader, LdapDirectory } from './ldap-directory.js';
import { readIdentities } from './read-changes.js';
import { readAll } from './read-directory.js';
import { readMembers } from './read-members.js';

const patience = { connectMs: 1000, answerMs: 5000 };

describe('reading a directory', () => {
  const directory = new ScriptedDirectory();
  let office: string;

  beforeAll(() => directory.start());
  afterAll(() => directory.end());
  beforeEach(() => {
    directory.entries.clear();
    directory.fault = undefined;
    directory.referrals = [];
    directory.membersAtOnce = 1500;
    office = directory.department('office');
  });

  const settings = (changes: Partial<DirectorySourceSettings> = {}): DirectorySourceSettings => ({
    ...sourceOfSettings(
      readSettings({
        LDAP_URL: `ldap://127.0.0.1:${directory.port}`,
        LDAP_BIND_DN: scriptedAccount.dn,
        LDAP_BIND_PASSWORD: scriptedAccount.password,
        LDAP_BASE_DN: scriptedBase,
      }),
    )!.settings,
    ...changes,
  });
  const connections = (of = settings()) => new Connections(of, patience);
  const open = (of: DirectorySourceSettings) =>
    new LdapDirectory(connections(of), of, scriptedAccount.password);
  const namesOf = async (peopleGroups: string[], changes: Partial<DirectorySourceSettings> = {}) => {
    const of = settings({ peopleGroups, ...changes });
    const { people } = await open(of).read((reader) => readAll(reader, of));
    return [...people].map(({ username }) => username).sort();
  };
  const people = (count: number) =>
    Array.from({ length: count }, (_one, n) => directory.person(`p${n}`, office));

  it.each([1, 500, 1000, 1001])(
    'finds each of 1,001 people once in pages of %i',
    async (pageSize) => {
      people(1001);
      directory.searches = 0;
      const found = await connections().as(
        scriptedAccount.dn,
        scriptedAccount.password,
        async (client, server) => {
          const reader = new DirectoryReader(client, settings(), server, pageSize);
          const identities = await readIdentities(reader, settings(), undefined);
          const entries = await reader.all([scriptedBase], '(objectClass=inetOrgPerson)', ['entryUUID']);
          return { identities: identities.size, entries: entries.length };
        },
      );
      expect(found).toEqual({ identities: 1001, entries: 1001 });
      expect(directory.searches).toBe(2 * Math.ceil(1001 / pageSize));
    },
    30_000,
  );

  it('fails as a whole where a page in the middle fails', async () => {
    people(30);
    for (const play of ['size limit', 'busy', 'cookie', 'gone'] as const) {
      directory.fault = { after: 20, play };
      const read = connections().as(scriptedAccount.dn, scriptedAccount.password, (client, server) =>
        new DirectoryReader(client, settings(), server, 10).all(
          [scriptedBase],
          '(objectClass=inetOrgPerson)',
          ['entryUUID'],
        ),
      );
      await expect(read).rejects.toThrow();
    }
  });

  it.each([1499, 1500, 1501, 3000, 4501])('reads all %i members of a group in ranges', async (count) => {
    const names = Array.from({ length: count }, (_one, n) => `uid=p${n},${office}`);
    const group = directory.group('all', names);
    const of = settings({ peopleGroups: [group] });
    const [some, none] = await open(of).read(async (reader) => {
      const members = (await readMembers(reader, of))!;
      return [names.filter((dn) => members.has({ dn })), members.has({ dn: `uid=p${count},${office}` })];
    });
    expect(some).toHaveLength(count);
    expect(none).toBe(false);
  });

  it('takes the members of groups in groups, ten deep, in a circle and with two ways to one', async () => {
    const [p0, p1, p2, p3] = people(5) as [string, string, string, string, string];
    let inner = directory.group('depth10', [p0]);
    for (let depth = 9; depth > 0; depth -= 1) inner = directory.group(`depth${depth}`, [inner]);
    const shared = directory.group('shared', [p1]);
    const left = directory.group('left', [shared, p2]);
    const right = directory.group('right', [shared, p3, left]);
    directory.change(left, { member: [shared, p2, right] });
    expect(await namesOf([inner])).toEqual(['p0']);
    expect(await namesOf([left])).toEqual(['p1', 'p2', 'p3']);
    expect(await namesOf([inner, right])).toEqual(['p0', 'p1', 'p2', 'p3']);
  });

  it('takes members however a group names them', async () => {
    const [p0] = people(4) as [string];
    const unique = directory.group('unique', [], {
      objectClass: 'groupOfUniqueNames',
      uniqueMember: [`${p0.toUpperCase()}#'0101'B`],
    });
    const posix = directory.group('posix', [], { objectClass: 'posixGroup', memberUid: ['p2', 'nobody'] });
    expect(await namesOf([unique])).toEqual(['p0']);
    expect(await namesOf([posix])).toEqual(['p2']);
    expect(await namesOf([unique, posix])).toEqual(['p0', 'p2']);
  });

  it('takes those whose first group it is, whom Active Directory does not list as members', async () => {
    const controller = { invocationId: Buffer.alloc(16, 1), showsDeleted: false };
    const domain = new ScriptedDirectory(controller);
    await domain.start();
    try {
      const below = domain.department('office');
      domain.person('first', below, { primaryGroupID: '1105' });
      domain.person('other', below, { primaryGroupID: '513' });
      const sid = Buffer.alloc(28);
      sid.writeUInt32LE(1105, 24);
      const group = domain.group('staff', [], { objectClass: 'group', objectSid: sid });
      const of = settings({
        kind: 'active-directory',
        peopleGroups: [group],
        hosts: [{ host: '127.0.0.1', port: domain.port }],
      });
      const { people: found } = await open(of).read((reader) => readAll(reader, of));
      expect([...found].map(({ username }) => username)).toEqual(['first']);
    } finally {
      await domain.end();
    }
  });

  it('reads nobody where a group is missing', async () => {
    people(2);
    await expect(namesOf([`cn=gone,${scriptedBase}`])).rejects.toThrow(
      'The group cn=gone,dc=test is not there',
    );
    await expect(namesOf(['cn=all,dc=elsewhere'])).rejects.toThrow('lies in no directory of the server');
  });

  it('follows a referral to a server of the settings, and to no other one', async () => {
    people(2);
    const other = new ScriptedDirectory();
    await other.start();
    const stranger = new ScriptedDirectory();
    await stranger.start();
    try {
      const branch = other.department('branch');
      other.person('there', branch);
      stranger.person('nobody', stranger.department('elsewhere'));
      directory.referrals = [`ldap://127.0.0.1:${other.port}/ou=branch,dc=test??sub`];
      other.referrals = [`ldap://127.0.0.1:${directory.port}/${scriptedBase}`];
      const of = settings({
        hosts: [directory, other].map(({ port }) => ({ host: '127.0.0.1', port })),
        departmentBases: [office],
      });
      const read = () => open(of).read((reader) => readAll(reader, of));
      expect([...(await read()).people].map(({ username }) => username)).toEqual(['p0', 'p1', 'there']);
      const url = `ldap://127.0.0.1:${stranger.port}/${scriptedBase}`;
      directory.referrals = [url, 'ldap://test/CN=Configuration,DC=test', 'nonsense'];
      const { people: found, problems } = await read();
      expect([...found].map(({ username }) => username)).toEqual(['p0', 'p1']);
      expect(problems.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual([
        `referral.not_followed ${url}`,
        'referral.not_followed nonsense',
      ]);
      expect(stranger.searches).toBe(0);
    } finally {
      await other.end();
      await stranger.end();
    }
  });
});
