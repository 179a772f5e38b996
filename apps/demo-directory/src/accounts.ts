import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { nameOf } from './names.js';
import type { Organisation } from './organisation.js';
import { passwordOf } from './passwords.js';
import { readJsonFile, writePrivateFile } from './private-file.js';

export interface Account {
  readonly username: string;
  readonly password: string;
  readonly displayName: string;
  readonly role: string;
}

const administrators = [
  { username: 'system-admin', displayName: '系统管理员' },
  { username: 'security-admin', displayName: '安全管理员' },
  { username: 'audit-admin', displayName: '审计管理员' },
];

/** They are local accounts of the product, so the directory itself does not know them. */
export function administratorAccounts(secret: KeyObject): Account[] {
  return administrators.map(({ username, displayName }) => ({
    username,
    password: passwordOf(secret, `administrator:${username}`),
    displayName,
    role: username,
  }));
}

/** The sheet of names and passwords handed to whoever tries the demo; a copy of what can be derived at any time. */
export function keepAccountsFile(data: string, secret: KeyObject, organisation: Organisation): void {
  const path = join(data, 'demo-accounts.json');
  if (isCurrent(path, secret, organisation)) return;
  writePrivateFile(path, sheetParts(secret, organisation));
}

/** The file in parts of a few hundred lines: 200,000 accounts in one string would double the memory of the process. */
function* sheetParts(secret: KeyObject, organisation: Organisation): Generator<string> {
  let part = `[\n${administratorAccounts(secret).map(sheetLine).join(',\n')}`;
  for (const account of employeeAccounts(secret, organisation)) {
    part += `,\n${sheetLine(account)}`;
    if (part.length < 64 * 1024) continue;
    yield part;
    part = '';
  }
  yield `${part}\n]\n`;
}

function sheetLine(account: Account): string {
  return `  ${JSON.stringify(account)}`;
}

function* employeeAccounts(secret: KeyObject, organisation: Organisation): Generator<Account> {
  for (const index of enabledPeople(organisation)) {
    const username = organisation.uid(index);
    const password = passwordOf(secret, `person:${username}`);
    yield { username, password, displayName: nameOf(organisation.seed, index).display, role: 'employee' };
  }
}

function* enabledPeople(organisation: Organisation): Generator<number> {
  for (let index = 0; index < organisation.people; index += 1) {
    if (!organisation.isDisabled(index)) yield index;
  }
}

/** A file that lists more people than there are now is kept: they may come back. */
function isCurrent(path: string, secret: KeyObject, organisation: Organisation): boolean {
  let found: unknown;
  try {
    found = readJsonFile(path);
  } catch {
    return false;
  }
  if (!Array.isArray(found)) return false;
  const listed = found as Partial<Account>[];
  const enabled = [...enabledPeople(organisation)];
  const newest = enabled.at(-1);
  const expected = administrators.length + enabled.length;
  return (
    listed[0]?.password === administratorAccounts(secret)[0]?.password &&
    (newest === undefined || listed[expected - 1]?.username === organisation.uid(newest))
  );
}
