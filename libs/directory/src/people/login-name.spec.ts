import { expect, it } from '@jest/globals';
import { domainsOf, userNameIn } from './login-name.js';

const domains = domainsOf('ou=people, DC=corp,dc=example,dc=cn');

it('the domains of a directory are its DNS name and the first label of it', () => {
  expect(domains).toEqual(['corp.example.cn', 'corp']);
  expect(domainsOf('o=ministry')).toEqual([]);
});

it.each([
  ['zhang.san', 'zhang.san'],
  ['  Zhang.San ', 'zhang.san'],
  ['zhang.san@corp.example.cn', 'zhang.san'],
  ['ZHANG.SAN@CORP.EXAMPLE.CN', 'zhang.san'],
  ['CORP\\zhang.san', 'zhang.san'],
  ['corp\\Zhang.San', 'zhang.san'],
  ['ｚｈａｎｇ．ｓａｎ', 'zhang.san'],
])('%s is the user name %s', (typed, name) => expect(userNameIn(typed, domains)).toBe(name));

it('a name with an at sign and another domain is a user name as it stands', () => {
  expect(userNameIn('zhang@mail.example.com', domains)).toBe('zhang@mail.example.com');
});

it.each(['OTHER\\zhang.san', '', '   ', 'zhang\u0000san'])('%j names nobody', (typed) =>
  expect(userNameIn(typed, domains)).toBeUndefined(),
);

it('a filter is a name that nobody has', () => {
  expect(userNameIn('*)(uid=*))(|(uid=*', domains)).toBe('*)(uid=*))(|(uid=*');
});
