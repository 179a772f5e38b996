import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { logger, openLog } from './logger.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chancery-log-'));
  await openLog('test', { LOG_LEVEL: 'info', LOG_TO: 'file', CHANCERY_DATA: folder });
});

afterAll(async () => {
  await openLog('test', { LOG_LEVEL: 'silent', LOG_TO: 'terminal', CHANCERY_DATA: folder });
  await rm(folder, { recursive: true, force: true });
});

it('tells of an error what it is and where, and nothing that it carries', async () => {
  const carried = { parameters: ['what somebody wrote'], client: { password: 'of the database' } };
  const cause = Object.assign(new Error('the connection was lost'), carried);
  const error = Object.assign(new RangeError('a statement failed', { cause }), { code: '57P01', ...carried });
  logger('test').error({ err: error }, 'it failed');
  const [line] = (await readFile(join(folder, 'logs', 'test.1.log'), 'utf8')).trim().split('\n');
  const { err } = JSON.parse(line!) as { err: object };
  expect(err).toMatchObject({
    type: 'RangeError',
    message: 'a statement failed',
    code: '57P01',
    cause: { type: 'Error', message: 'the connection was lost' },
  });
  expect(line).not.toMatch(/what somebody wrote|of the database/);
});
