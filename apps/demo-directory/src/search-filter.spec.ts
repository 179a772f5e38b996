import { describe, expect, it } from '@jest/globals';
import { BerWriter, FilterParser } from 'ldapts';
import { StoredEntry } from './entry.js';
import { decodeFilter, type SearchFilter } from './filter-decoder.js';
import { compileFilter, indexable } from './search-filter.js';

const entry = new StoredEntry('uid=lin,ou=people,dc=mofd,dc=example', [
  ['objectClass', ['top', 'person']],
  ['uid', ['lin']],
  ['cn', ['林 洋', 'Kevin Lin']],
  ['mail', ['Lin@mofd.example']],
  ['telephoneNumber', ['+86 10 0000 0001']],
  ['chanceryRank', ['30']],
  ['manager', ['uid=wang,ou=people,dc=mofd,dc=example']],
  ['modifyTimestamp', ['20260701083000Z']],
]);

function filter(text: string): SearchFilter {
  const writer = new BerWriter();
  FilterParser.parseString(text).write(writer);
  return decodeFilter(writer.buffer);
}

describe('a filter', () => {
  it.each([
    ['(uid=LIN)', true],
    ['(UID=lin)', true],
    ['(cn=林  洋)', true],
    ['(cn=kevin lin)', true],
    ['(cn=kevin)', false],
    ['(cn=*)', true],
    ['(title=*)', false],
    ['(!(title=*))', true],
    ['(cn=kev*)', true],
    ['(cn=*洋)', true],
    ['(cn=林*)', true],
    ['(cn=)', false],
    ['(cn=K*in*n)', true],
    ['(cn=k*n*n*n)', false],
    ['(mail=*@MOFD.example)', true],
    ['(telephoneNumber=+861000000001)', true],
    ['(telephoneNumber=*0000-0001)', true],
    ['(chanceryRank=030)', true],
    ['(chanceryRank>=9)', true],
    ['(chanceryRank<=9)', false],
    ['(modifyTimestamp>=20260701083000Z)', true],
    ['(modifyTimestamp>=20260701083000.0Z)', true],
    ['(modifyTimestamp>=20260701083001Z)', false],
    ['(manager=UID=Wang, OU=people, DC=mofd, DC=example)', true],
    ['(&(objectClass=Person)(uid=lin))', true],
    ['(&(objectClass=person)(uid=wang))', false],
    ['(|(uid=wang)(cn~=KEVIN LIN))', true],
    ['(&(uid=lin)(!(chanceryRank>=50)))', true],
  ])('%s selects the entry: %s', (text, selects) => {
    expect(compileFilter(filter(text))(entry)).toBe(selects);
  });

  it.each(['(shoeSize=42)', '(!(shoeSize=42))', '(chanceryRank=high)', '(!(manager=nobody))', '(cn:dn:=x)'])(
    '%s cannot be decided, so it selects nothing',
    (text) => {
      expect(compileFilter(filter(text))(entry)).toBeUndefined();
    },
  );

  it('is decided where one half is enough', () => {
    expect(compileFilter(filter('(|(shoeSize=42)(uid=lin))'))(entry)).toBe(true);
    expect(compileFilter(filter('(&(shoeSize=42)(uid=wang))'))(entry)).toBe(false);
    expect(compileFilter(filter('(&(shoeSize=42)(uid=lin))'))(entry)).toBeUndefined();
  });

  it.each([
    ['(uid=a)', [1]],
    ['(&(objectClass=person)(uid=b))', [2]],
    ['(|(uid=b)(uid=a)(uid=b))', [1, 2]],
    ['(|(uid=a)(cn=b))', undefined],
    ['(!(uid=a))', undefined],
    ['(uid=a*)', undefined],
  ])('%s is answered from the index as %s', (text, positions) => {
    const lookUp = (attribute: string, value: string) =>
      attribute === 'uid' ? [value === 'a' ? 1 : 2] : undefined;
    expect(indexable(filter(text), lookUp)).toEqual(positions);
  });
});
