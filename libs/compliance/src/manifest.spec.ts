import { describe, expect, it } from '@jest/globals';
import type { ExportRow } from './export.entity.js';
import { isSameRequest, stateOf } from './export.js';
import { manifestOf, type ManifestParts } from './manifest.js';

const person = '01900000-0000-7000-8000-000000000001';
const other = '01900000-0000-7000-8000-000000000002';

const row: ExportRow = {
  id: '01900000-0000-7000-8000-0000000000e0',
  approvalId: '01900000-0000-7000-8000-0000000000a0',
  clientId: 'once',
  askedBy: '01900000-0000-7000-8000-0000000000b1',
  askedByName: '审计管理员',
  askedAt: new Date('2026-03-01T08:00:00Z'),
  expiresAt: new Date('2026-03-08T08:00:00Z'),
  personIds: [person, other],
  from: new Date('2026-01-01T00:00:00Z'),
  to: new Date('2026-02-01T00:00:00Z'),
  reason: '案件 17 号',
  state: 'done',
  decidedBy: '01900000-0000-7000-8000-0000000000b2',
  decidedByName: '安全管理员',
  decidedAt: new Date('2026-03-01T09:00:00Z'),
  logPos: 4711,
  attempts: 1,
  conversationCount: 1,
  eventCount: 3,
  failure: null,
  finishedAt: null,
};

const parts: ManifestParts = {
  export: row,
  installation: 'epoch',
  people: [{ id: person, displayName: '张伟', username: 'zhangwei' }],
  conversations: [
    {
      id: 'c',
      kind: 'direct',
      name: '张伟, 李娜',
      firstSeq: 1,
      lastSeq: 3,
      events: 3,
      ranges: [{ from: 1, to: 3 }],
    },
  ],
  files: [{ name: 'events-0001.jsonl', size: 812, sha256: 'ab'.repeat(32) }],
  counts: { events: 3, messages: 2, messagesWithoutBody: 0 },
  madeAt: new Date('2026-03-01T09:00:05Z'),
};

describe('the manifest of an export', () => {
  it('says what was asked, by whom, who approved, and every file with its digest', () => {
    expect(JSON.parse(manifestOf(parts))).toMatchObject({
      suite: 'intl-1',
      logPosition: 4711,
      reason: '案件 17 号',
      asked: { by: { name: '审计管理员', role: 'audit-admin' } },
      approved: { by: { name: '安全管理员', role: 'security-admin' }, at: '2026-03-01T09:00:00.000Z' },
      query: { people: [{ displayName: '张伟' }], from: '2026-01-01T00:00:00.000Z' },
      counts: { conversations: 1, events: 3, files: 1 },
      conversations: [{ firstSeq: 1, lastSeq: 3 }],
      files: [{ name: 'events-0001.jsonl', size: 812, sha256: 'ab'.repeat(32) }],
    });
  });

  it('has the same bytes when it is made again', () => {
    expect(manifestOf(structuredClone(parts))).toBe(manifestOf(parts));
  });
});

describe('a request for an export', () => {
  const request = {
    clientId: 'once',
    personIds: [other, person, other],
    from: '2026-01-01T00:00:00.000Z',
    to: '2026-02-01T00:00:00.000Z',
    reason: '案件 17 号',
  };

  it('is the same whatever the order of the people', () => {
    expect(isSameRequest(row, request)).toBe(true);
  });

  it('is another one with another time or reason', () => {
    expect(isSameRequest(row, { ...request, to: '2026-02-02T00:00:00.000Z' })).toBe(false);
    expect(isSameRequest(row, { ...request, reason: '另一案件' })).toBe(false);
  });

  it('expires when nobody has decided in time', () => {
    const asked = { state: 'asked' as const, expiresAt: row.expiresAt };
    expect(stateOf(asked, new Date('2026-03-08T07:59:59Z'))).toBe('asked');
    expect(stateOf(asked, new Date('2026-03-08T08:00:00Z'))).toBe('expired');
  });
});
