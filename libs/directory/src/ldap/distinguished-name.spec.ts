import { describe, expect, it } from '@jest/globals';
import { normalDn, parentDn } from './distinguished-name.js';

describe('a distinguished name', () => {
  it.each([
    ['without regard to case and spaces', 'OU=Office , DC=Example', 'ou=office,dc=example'],
    ['with an escaped comma', 'CN=Doe\\, John,OU=x', 'cn=doe\\2C john,ou=x'],
    ['with a quoted value', 'ou="a, b",dc=x', 'ou=a\\, b,dc=x'],
    ['with bytes of UTF-8', 'ou=\\e9\\83\\a8\\E9\\97\\A80,dc=x', 'ou=部门0,dc=x'],
    ['with a backslash at the end', 'ou=a\\\\,dc=x', 'ou=a\\5c,dc=x'],
    ['with a leading space, a hash and a trailing space', 'ou=\\ \\#部\\ ,dc=x', 'ou=\\20\\23部\\20,dc=x'],
    ['with several parts in one step', 'cn=a+uid=b,dc=x', 'uid=b+cn=a,dc=x'],
    ['with a plus that is escaped', 'ou=r\\+d,dc=x', 'ou=r\\2bd,dc=x'],
  ])('%s is the same in every spelling', (_what, one, other) => {
    expect(normalDn(one)).toBe(normalDn(other));
  });

  it('that ends in a backslash has the parent it has', () => {
    expect(parentDn('uid=a,ou=b\\\\,dc=x')).toBe(normalDn('ou=b\\\\,dc=x'));
    expect(parentDn('uid=a\\,b,dc=x')).toBe('dc=x');
    expect(parentDn('dc=x')).toBe('');
  });

  it('that differs in a character is another', () => {
    expect(normalDn('ou=a\\,b,dc=x')).not.toBe(normalDn('ou=a,ou=b,dc=x'));
    expect(normalDn('ou=䶮,dc=x')).not.toBe(normalDn('ou=龑,dc=x'));
  });
});
