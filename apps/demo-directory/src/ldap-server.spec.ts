import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, type Entry, EqualityFilter, type SearchOptions } from 'ldapts';
import type { Account } from './accounts.js';
import { type RunningDirectory, startDirectory } from './demo-directory.js';

const everyone: SearchOptions = { scope: 'sub', filter: '(objectClass=person)', attributes: ['uid'] };

describe('the directory on the wire', () => {
  let data: string;
  let directory: RunningDirectory;
  let employees: Account[];
  let base: string;
  const clients: Client[] = [];

  beforeAll(async () => {
    data = mkdtempSync(join(tmpdir(), 'demo-directory-'));
    directory = await startDirectory({ data, people: 1200, port: 0, writable: false });
    const accounts = JSON.parse(readFileSync(join(data, 'demo-accounts.json'), 'utf8')) as Account[];
    employees = accounts.filter(({ role }) => role === 'employee');
    base = directory.ready.baseDn;
  });
  afterAll(async () => {
    for (const client of clients) await client.unbind();
    await directory.close();
    rmSync(data, { recursive: true });
  });

  function stranger(): Client {
    const client = new Client({ url: directory.ready.url });
    clients.push(client);
    return client;
  }

  async function synchroniser(): Promise<Client> {
    const client = stranger();
    await client.bind(directory.ready.bindDn, directory.ready.bindPassword);
    return client;
  }

  async function find(client: Client, options: SearchOptions, under = base): Promise<Entry[]> {
    return (await client.search(under, options)).searchEntries;
  }

  async function pages(
    client: Client,
    pageSize: number,
    options: SearchOptions = everyone,
  ): Promise<Entry[][]> {
    const found: Entry[][] = [];
    const paginated = client.searchPaginated(base, { ...options, paged: { pageSize } });
    for await (const { searchEntries } of paginated) found.push(searchEntries);
    return found;
  }

  async function theLockedDn(client: Client): Promise<string> {
    const [locked] = await find(client, { filter: '(pwdAccountLockedTime=*)', attributes: ['uid'] });
    if (!locked) throw new Error('Nobody is locked.');
    return locked.dn;
  }

  describe('at sign-in', () => {
    it('lets people in with the password of the accounts file, however their name is spelt', async () => {
      const [, , employee] = employees;
      await stranger().bind(`uid=${employee?.username},ou=people,${base}`, employee?.password ?? '');
      await stranger().bind(
        `UID=${employee?.username.toUpperCase()}, OU=People,${base}`,
        employee?.password ?? '',
      );
    });

    it('refuses a wrong password like a name nobody has', async () => {
      const dn = `uid=${employees[0]?.username},ou=people,${base}`;
      await expect(stranger().bind(dn, 'wrong')).rejects.toMatchObject({ code: 49 });
      await expect(stranger().bind(`uid=nobody,ou=people,${base}`, 'wrong')).rejects.toMatchObject({
        code: 49,
      });
      await expect(stranger().bind(directory.ready.bindDn, 'wrong')).rejects.toMatchObject({ code: 49 });
    });

    it('refuses an empty password instead of letting an unknown person pass for anonymous', async () => {
      const dn = `uid=${employees[0]?.username},ou=people,${base}`;
      await expect(stranger().bind(dn, '')).rejects.toMatchObject({ code: 53 });
    });

    it('keeps from those without the password that an account is locked', async () => {
      const locked = await theLockedDn(await synchroniser());
      expect(employees.map(({ username }) => `uid=${username},ou=people,${base}`)).not.toContain(locked);
      const bind = stranger().bind(locked, 'whatever');
      await expect(bind).rejects.toMatchObject({
        code: 49,
        message: expect.stringContaining('invalid credentials'),
      });
    });

    it('forgets who was signed in when the next sign-in fails or is anonymous', async () => {
      const client = await synchroniser();
      await expect(client.bind(directory.ready.bindDn, 'wrong')).rejects.toMatchObject({ code: 49 });
      await expect(find(client, everyone)).rejects.toMatchObject({ code: 50 });
      await client.bind(directory.ready.bindDn, directory.ready.bindPassword);
      await client.bind('', '');
      await expect(find(client, everyone)).rejects.toMatchObject({ code: 50 });
    });
  });

  describe('to a stranger', () => {
    it('tells what it is', async () => {
      for (const attributes of [[], ['*'], ['+'], ['namingContexts', 'supportedControl', 'vendorName']]) {
        const [root] = await find(stranger(), { scope: 'base', attributes }, '');
        expect(root).toMatchObject({
          namingContexts: base,
          supportedControl: '1.2.840.113556.1.4.319',
          vendorName: 'Chancery demo directory',
        });
      }
    });

    it('tells nothing else', async () => {
      await expect(find(stranger(), everyone)).rejects.toMatchObject({ code: 50 });
      await expect(find(stranger(), { scope: 'base' }, `ou=people,${base}`)).rejects.toMatchObject({
        code: 50,
      });
      await expect(find(stranger(), { scope: 'sub' }, '')).rejects.toMatchObject({ code: 50 });
    });

    it.each([
      [
        'is another language',
        Buffer.from(
          `GET / HTTP/1.1\r\nhost: directory.mofd.example\r\nuser-agent: ${'x'.repeat(80)}\r\n\r\n`,
        ),
      ],
      ['is not a request', Buffer.from('3005020101 7f00'.replaceAll(' ', ''), 'hex')],
      [
        'names an attribute longer than the message',
        Buffer.from(
          '3028020101 6323 0400 0a01000a0100020100020100010100 870b6f626a656374636c617373 3003047f61'.replaceAll(
            ' ',
            '',
          ),
          'hex',
        ),
      ],
    ])('hangs up on a message that %s, and serves the others', async (_, message) => {
      const client = await synchroniser();
      const { hostname, port } = new URL(directory.ready.url);
      const socket = connect(Number(port), hostname);
      socket.resume().write(message);
      await once(socket, 'close');
      expect(await find(client, { scope: 'base' })).toHaveLength(1);
    });
  });

  describe('to a search', () => {
    it.each([1, 500, 1000])('gives everybody once by pages of %i', async (pageSize) => {
      const options = pageSize === 1 ? { ...everyone, filter: '(&(objectClass=person)(uid=w*))' } : everyone;
      const client = await synchroniser();
      const found = await pages(client, pageSize, options);
      const uids = found.flat().map(({ uid }) => String(uid));
      expect(found.slice(0, -1).every((page) => page.length === pageSize)).toBe(true);
      expect(new Set(uids).size).toBe(uids.length);
      const expected = pageSize === 1 ? uids.filter((uid) => uid.startsWith('w')).length : 1200;
      expect(uids).toHaveLength(expected);
    });

    it('gives pages of several searches side by side, over one connection and over several', async () => {
      const client = await synchroniser();
      const searches = [pages(client, 90), pages(client, 150), pages(await synchroniser(), 70)];
      for (const found of await Promise.all(searches)) {
        expect(new Set(found.flat().map(({ uid }) => String(uid))).size).toBe(1200);
      }
    });

    it('gives at most 1,000 entries in one page', async () => {
      expect((await pages(await synchroniser(), 5000)).map((page) => page.length)).toEqual([1000, 200]);
    });

    it('gives 500 entries without pages, then the size limit', async () => {
      const client = await synchroniser();
      await expect(find(client, everyone)).rejects.toMatchObject({ code: 4 });
      expect(await find(client, { ...everyone, filter: '(chanceryRank<=30)' })).not.toHaveLength(0);
    });

    it('reaches as far as the scope', async () => {
      const client = await synchroniser();
      const names = async (scope: 'base' | 'one' | 'sub', under: string) =>
        (await find(client, { scope, filter: '(!(objectClass=person))', attributes: ['1.1'] }, under)).length;
      expect(await names('base', `ou=organisation,${base}`)).toBe(1);
      expect(await names('one', `ou=organisation,${base}`)).toBe(1);
      expect(await names('one', base)).toBe(3);
      expect(await names('sub', `ou=organisation,${base}`)).toBe(93);
    });

    it('says which part of a name exists', async () => {
      const client = await synchroniser();
      await expect(find(client, {}, `uid=nobody,ou=people,${base}`)).rejects.toMatchObject({ code: 32 });
    });

    it('gives departments by their names, nested below each other', async () => {
      const client = await synchroniser();
      const filter = '(&(objectClass=organizationalUnit)(ou=干部处))';
      const [division] = await find(client, { filter, attributes: ['ou', 'chanceryOrder', 'entryUUID'] });
      expect(division?.dn).toBe(`ou=干部处,ou=人事司,ou=示范发展部,ou=organisation,${base}`);
      expect(division).toMatchObject({ ou: '干部处', chanceryOrder: '1' });
      const [again] = await find(client, { scope: 'base', attributes: ['entryUUID'] }, division?.dn);
      expect(again?.['entryUUID']).toBe(division?.['entryUUID']);
    });

    it('gives a person with posts in departments that exist', async () => {
      const client = await synchroniser();
      const people = (await pages(client, 500, { filter: '(uid=*)' })).flat();
      const departments = (
        await pages(client, 500, { filter: '(chanceryOrder=*)', attributes: ['entryUUID'] })
      ).flat();
      const known = new Set(departments.map((department) => department['entryUUID']));
      for (const person of people) {
        const posts = [person['chanceryPost'] ?? []].flat().map(String);
        const [primary = ''] = posts;
        expect(primary.split(';').slice(0, 2)).toEqual([person['departmentNumber'], person['title']]);
        for (const post of posts) {
          expect(post).toMatch(/^[0-9a-f-]{36};[^;]+;\d+$/);
          expect(known).toContain(post.slice(0, 36));
        }
      }
      expect(people.filter((person) => Array.isArray(person['chanceryPost'])).length).toBeGreaterThan(40);
    });

    it('finds one person by each indexed attribute, and none who is outside the base', async () => {
      const client = await synchroniser();
      const filter = `(uid=${employees[7]?.username})`;
      const attributes = ['uid', 'mail', 'employeeNumber', 'entryUUID'];
      const [person] = await find(client, { filter, attributes });
      for (const attribute of attributes) {
        const value = String(person?.[attribute]).toUpperCase();
        const byValue = new EqualityFilter({ attribute, value });
        expect(await find(client, { filter: byValue, attributes })).toEqual([person]);
        expect(await find(client, { filter: byValue }, `ou=organisation,${base}`)).toEqual([]);
      }
    });

    it('finds Chinese names by parts of them', async () => {
      const client = await synchroniser();
      const found = await pages(client, 100, { filter: '(displayName=*𬭎*)', attributes: ['displayName'] });
      expect(found.flat().length).toBeGreaterThan(0);
      for (const person of found.flat()) expect(String(person['displayName'])).toContain('𬭎');
    });
  });

  describe('of a person', () => {
    const user =
      'cn departmentNumber displayName employeeNumber givenName mail manager mobile objectClass sn telephoneNumber ' +
      'title uid chanceryPost chanceryRank jpegPhoto';

    async function someone(attributes: string[]): Promise<string[]> {
      const filter = '(&(jpegPhoto=*)(manager=*))';
      const client = await synchroniser();
      const found = await pages(client, 1, { filter, attributes });
      return Object.keys(found[0]?.[0] ?? {}).filter((name) => !['dn', '*', '+'].includes(name));
    }

    it('shows what belongs to the user unless more is asked for', async () => {
      expect((await someone([])).sort()).toEqual(user.split(' ').sort());
      expect((await someone(['*'])).sort()).toEqual(user.split(' ').sort());
    });

    it('shows operational attributes to those who ask', async () => {
      const operational = ['createTimestamp', 'entryUUID', 'modifyTimestamp'];
      expect((await someone(['+'])).sort()).toEqual(operational);
      expect((await someone(['*', '+'])).sort()).toEqual([...user.split(' '), ...operational].sort());
    });

    it('shows exactly what is named, in any case', async () => {
      expect(await someone(['mail', 'entryUUID'])).toEqual(['mail', 'entryUUID']);
      expect(await someone(['1.1'])).not.toContain('cn');
    });

    it('shows the photo as it is, byte by byte', async () => {
      const client = await synchroniser();
      const options = { filter: '(jpegPhoto=*)', attributes: ['jpegPhoto'] };
      const photos = (await pages(client, 500, options)).flat().map((person) => person['jpegPhoto']);
      expect(photos.length).toBeGreaterThan(250);
      for (const photo of photos) {
        expect(Buffer.isBuffer(photo)).toBe(true);
        expect((photo as Buffer).toString('latin1', 1, 4)).toBe('PNG');
        expect((photo as Buffer).toString('latin1').endsWith('IEND\xAEB`\x82')).toBe(true);
      }
    });
  });

  it('refuses every change', async () => {
    const client = await synchroniser();
    const dn = `uid=${employees[0]?.username},ou=people,${base}`;
    await expect(client.del(dn)).rejects.toMatchObject({ code: 53 });
    await expect(client.add(`ou=x,${base}`, { objectClass: 'organizationalUnit' })).rejects.toMatchObject({
      code: 53,
    });
    await expect(client.modifyDN(dn, 'uid=other')).rejects.toMatchObject({ code: 53 });
    await expect(client.compare(dn, 'uid', 'x')).rejects.toMatchObject({ code: 53 });
  });
});
