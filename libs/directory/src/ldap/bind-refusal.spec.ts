import { describe, expect, it } from '@jest/globals';
import { bindRefusal } from './bind-refusal.js';

const activeDirectory = (data: string) => ({
  code: 49,
  message: `80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data ${data}, v4563 Code: 0x31`,
});

describe('what a directory says to a bind', () => {
  it.each([
    ['525', 'wrong'],
    ['52e', 'wrong'],
    ['530', 'hours'],
    ['531', 'device'],
    ['532', 'password_expired'],
    ['533', 'disabled'],
    ['701', 'account_expired'],
    ['773', 'must_change'],
    ['775', 'locked'],
    ['999', 'wrong'],
  ])('Active Directory means by data %s: %s', (data, refusal) => {
    expect(bindRefusal(activeDirectory(data))).toBe(refusal);
  });

  it('a plain refusal is a wrong password, and a locked entry is disabled', () => {
    expect(bindRefusal({ code: 49, message: 'invalid credentials' })).toBe('wrong');
    expect(bindRefusal({ code: 49, message: '' })).toBe('wrong');
    expect(bindRefusal({ code: 49, message: 'account locked' })).toBe('disabled');
  });

  it('389 Directory Server locks with a constraint, and refuses whom it inactivated', () => {
    expect(bindRefusal({ code: 19, message: 'Exceed password retry limit. Please try later.' })).toBe(
      'locked',
    );
    expect(bindRefusal({ code: 53, message: 'Account inactivated. Contact system administrator.' })).toBe(
      'disabled',
    );
  });

  it.each([1, 8, 51, 52, 53, 80])('result %d says nothing about the password', (code) => {
    expect(bindRefusal({ code, message: 'something else' })).toBeUndefined();
  });
});
