import { tmpdir } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { readSettings } from './settings.js';

const data = tmpdir();

describe('the settings', () => {
  it('have defaults for everything but the data folder', () => {
    expect(readSettings({ CHANCERY_DATA: data })).toEqual({ data, people: 300, port: 0, writable: false });
  });

  it('take what the environment says', () => {
    const environment = {
      CHANCERY_DATA: data,
      CHANCERY_DEMO_PEOPLE: '200000',
      CHANCERY_DEMO_LDAP_PORT: '3890',
      CHANCERY_DEMO_WRITABLE: '1',
    };
    expect(readSettings(environment)).toEqual({ data, people: 200_000, port: 3890, writable: true });
  });

  it.each(['0', '200001', '-1', '1.5', 'many'])(
    'refuse %s people with a sentence that says why',
    (people) => {
      const environment = { CHANCERY_DATA: data, CHANCERY_DEMO_PEOPLE: people };
      expect(() => readSettings(environment)).toThrow(
        'CHANCERY_DEMO_PEOPLE must be a whole number from 1 to 200000.',
      );
    },
  );

  it('report all faults at once', () => {
    const environment = { CHANCERY_DEMO_PEOPLE: 'x', CHANCERY_DEMO_LDAP_PORT: '65536' };
    expect(() => readSettings(environment)).toThrow(
      /CHANCERY_DATA must .*; CHANCERY_DEMO_PEOPLE must .*; CHANCERY_DEMO_LDAP_PORT must /,
    );
  });

  it('refuse a data folder that does not exist', () => {
    expect(() => readSettings({ CHANCERY_DATA: `${data}/nowhere` })).toThrow(
      'CHANCERY_DATA must name a folder that exists.',
    );
  });
});
