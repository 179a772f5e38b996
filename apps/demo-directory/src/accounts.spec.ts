import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Account, keepAccountsFile } from './accounts.js';
import { arrivalOf, openInstallation } from './installation.js';
import { Organisation } from './organisation.js';
import { isSamePassword, passwordOf, secretKey } from './passwords.js';

const monday = new Date('2026-07-06T08:00:00Z');
const friday = new Date('2026-07-10T08:00:00Z');

describe('the files of the demo', () => {
  let data: string;

  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'demo-directory-'));
  });
  afterEach(() => {
    rmSync(data, { recursive: true });
  });

  function start(people: number, now = monday) {
    const installation = openInstallation(data, people, now);
    const organisation = new Organisation(installation.seed, people);
    keepAccountsFile(data, secretKey(installation.secret), organisation);
    const accounts = JSON.parse(readFileSync(join(data, 'demo-accounts.json'), 'utf8')) as Account[];
    return { installation, organisation, accounts };
  }

  it('belong to their owner alone, and no draft of them stays behind', () => {
    start(50);
    expect(readdirSync(data).sort()).toEqual(['demo-accounts.json', 'demo-directory.json']);
    for (const name of readdirSync(data)) expect(statSync(join(data, name)).mode & 0o777).toBe(0o600);
  });

  it('list the three administrators first, then everybody who is not locked', () => {
    const { accounts, organisation } = start(300);
    expect(
      accounts.slice(0, 3).map(({ username, displayName, role }) => [username, displayName, role]),
    ).toEqual([
      ['system-admin', '系统管理员', 'system-admin'],
      ['security-admin', '安全管理员', 'security-admin'],
      ['audit-admin', '审计管理员', 'audit-admin'],
    ]);
    const employees = accounts.slice(3);
    expect(employees.every(({ role }) => role === 'employee')).toBe(true);
    const enabled = organisation.uids.filter((_, index) => !organisation.isDisabled(index));
    expect(employees.map(({ username }) => username)).toEqual(enabled);
  });

  it('keep what they say at the next start', () => {
    const before = start(100);
    expect(start(100, friday)).toEqual(before);
  });

  it('are extended when the directory grows and kept when it shrinks', () => {
    const small = start(100);
    const large = start(5000, friday);
    expect(large.accounts.slice(0, small.accounts.length)).toEqual(small.accounts);
    expect(large.accounts.length).toBeGreaterThan(4800);
    expect(start(100, friday).accounts).toEqual(large.accounts);
  });

  it('remember when people came', () => {
    start(100);
    const { installation } = start(300, friday);
    expect(arrivalOf(installation, 99)).toEqual(monday);
    expect(arrivalOf(installation, 100)).toEqual(friday);
  });

  it('have other passwords in another installation', () => {
    const [first] = start(10).accounts;
    rmSync(join(data, 'demo-directory.json'));
    const [second] = start(10).accounts;
    expect(second?.username).toBe(first?.username);
    expect(second?.password).not.toBe(first?.password);
  });
});

describe('a password', () => {
  const secret = secretKey('0f'.repeat(32));

  it('is syllables that can be typed, others for everybody', () => {
    const passwords = Array.from({ length: 1000 }, (_, person) => passwordOf(secret, `person:${person}`));
    expect(new Set(passwords).size).toBe(1000);
    for (const password of passwords) {
      expect(password).toMatch(
        /^(?:(?:[bdfghklmnprstvwz][aiou]){3}-){3}(?:[bdfghklmnprstvwz][aiou]){2}\d\d$/,
      );
    }
  });

  it('is compared whole', () => {
    expect(isSamePassword('bamiro', 'bamiro')).toBe(true);
    expect(isSamePassword('bamir', 'bamiro')).toBe(false);
  });
});
