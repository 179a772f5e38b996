import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Attribute, Change, Client, type Entry } from 'ldapts';
import type { Account } from './accounts.js';
import { type RunningDirectory, startDirectory } from './demo-directory.js';

describe('a directory that may be written', () => {
  let data: string;
  let directory: RunningDirectory;
  let service: Client;
  let employee: Account;
  let dn: string;

  beforeEach(async () => {
    data = mkdtempSync(join(tmpdir(), 'demo-directory-'));
    directory = await startDirectory({ data, people: 60, port: 0, writable: true });
    const accounts = JSON.parse(readFileSync(join(data, 'demo-accounts.json'), 'utf8')) as Account[];
    const last = accounts.at(-1);
    if (!last) throw new Error('There are no accounts.');
    employee = last;
    dn = `uid=${employee.username},ou=people,${directory.ready.baseDn}`;
    service = new Client({ url: directory.ready.url });
    await service.bind(directory.ready.bindDn, directory.ready.bindPassword);
  });
  afterEach(async () => {
    await service.unbind();
    await directory.close();
    rmSync(data, { recursive: true });
  });

  function change(operation: 'add' | 'delete' | 'replace', type: string, ...values: string[]): Change {
    return new Change({ operation, modification: new Attribute({ type, values }) });
  }

  async function find(filter: string, attributes: string[] = ['*', '+']): Promise<Entry[]> {
    return (await service.search(directory.ready.baseDn, { filter, attributes })).searchEntries;
  }

  async function signsIn(): Promise<void> {
    const client = new Client({ url: directory.ready.url });
    try {
      await client.bind(dn, employee.password);
    } finally {
      await client.unbind();
    }
  }

  it('renames a person, who keeps identity and password', async () => {
    const [before] = await find(`(uid=${employee.username})`);
    await service.modify(dn, [
      change('replace', 'displayName', '司马𬭎'),
      change('replace', 'mail', 'sima@mofd.example'),
    ]);
    const [after] = await find('(mail=sima@mofd.example)');
    expect(after).toMatchObject({ dn, displayName: '司马𬭎', entryUUID: before?.['entryUUID'] });
    expect(await find('(displayName=司马*)', ['uid'])).toHaveLength(1);
    expect(await find(`(mail=${String(before?.['mail'])})`)).toEqual([]);
    await signsIn();
  });

  it('dates the change', async () => {
    const [before] = await find(`(uid=${employee.username})`, ['modifyTimestamp', 'createTimestamp']);
    const start = String(before?.['modifyTimestamp']);
    await service.modify(dn, change('replace', 'title', '处长'));
    const [after] = await find(`(uid=${employee.username})`, ['modifyTimestamp', 'createTimestamp']);
    expect(String(after?.['modifyTimestamp']) >= start).toBe(true);
    expect(after?.['createTimestamp']).toBe(before?.['createTimestamp']);
    expect(await find(`(&(title=处长)(modifyTimestamp>=${start}))`, ['uid'])).not.toEqual([]);
  });

  it('locks a person out and lets the person in again', async () => {
    await service.modify(dn, change('add', 'pwdAccountLockedTime', '000001010000Z'));
    await expect(signsIn()).rejects.toMatchObject({ code: 49, message: expect.stringContaining('locked') });
    expect(await find(`(&(uid=${employee.username})(pwdAccountLockedTime=*))`)).toHaveLength(1);
    await service.modify(dn, change('delete', 'pwdAccountLockedTime'));
    await signsIn();
  });

  it('deletes a person and takes a new one of the same name', async () => {
    await service.del(dn);
    expect(await find(`(uid=${employee.username})`)).toEqual([]);
    await expect(signsIn()).rejects.toMatchObject({ code: 49 });
    await expect(service.del(dn)).rejects.toMatchObject({ code: 32 });
    const person = { objectClass: ['inetOrgPerson'], uid: employee.username, cn: '新人', sn: '新' };
    await service.add(dn, person);
    expect(await find(`(uid=${employee.username})`, ['cn'])).toMatchObject([{ dn, cn: '新人' }]);
    await expect(service.add(dn, person)).rejects.toMatchObject({ code: 68 });
    await expect(signsIn()).rejects.toMatchObject({ code: 49 });
  });

  it('founds a department and closes it only when it is empty', async () => {
    const [ministry] = await find('(ou=示范发展部)', ['ou']);
    const unit = `ou=新设司,${ministry?.dn}`;
    await service.add(unit, { objectClass: ['organizationalUnit'], ou: '新设司', chanceryOrder: '99' });
    await service.add(`ou=新设处,${unit}`, { objectClass: ['organizationalUnit'], ou: '新设处' });
    const below = await service.search(unit, { scope: 'one', attributes: ['ou'] });
    expect(below.searchEntries).toMatchObject([{ dn: `ou=新设处,${unit}`, ou: '新设处' }]);
    await expect(service.del(unit)).rejects.toMatchObject({ code: 66 });
    await service.del(`ou=新设处,${unit}`);
    await service.del(unit);
    expect(await find('(ou=新设*)')).toEqual([]);
  });

  it('shows changes to a paged search that has begun', async () => {
    const options = { filter: '(uid=*)', attributes: ['uid'], paged: { pageSize: 20 } };
    const found: Entry[] = [];
    for await (const { searchEntries } of service.searchPaginated(directory.ready.baseDn, options)) {
      if (found.length === 0) await service.del(dn);
      found.push(...searchEntries);
    }
    expect(found).toHaveLength(59);
  });

  it('refuses what would break an entry', async () => {
    const refusals: [Change, number][] = [
      [change('replace', 'uid', 'other'), 67],
      [change('delete', 'objectClass'), 65],
      [change('replace', 'entryUUID', 'x'), 19],
      [change('replace', 'employeeNumber', 'D1', 'D2'), 19],
      [change('replace', 'chanceryRank', 'high'), 21],
      [change('replace', 'shoeSize', '42'), 17],
      [change('add', 'uid', employee.username.toUpperCase()), 20],
      [change('delete', 'title', 'Emperor'), 16],
      [change('replace', 'jpegPhoto', 'x'), 53],
      [change('replace', 'userPassword', 'secret'), 53],
    ];
    for (const [wrong, code] of refusals)
      await expect(service.modify(dn, wrong)).rejects.toMatchObject({ code });
    const [after] = await find(`(uid=${employee.username})`, ['modifyTimestamp', 'createTimestamp']);
    expect(after?.['modifyTimestamp']).toBe(after?.['createTimestamp']);
  });

  it('is written by the service account alone', async () => {
    const client = new Client({ url: directory.ready.url });
    await expect(client.del(dn)).rejects.toMatchObject({ code: 50 });
    await client.bind(dn, employee.password);
    await expect(client.modify(dn, change('replace', 'title', '部长'))).rejects.toMatchObject({ code: 50 });
    await client.unbind();
  });
});
