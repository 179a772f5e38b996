import { describe, expect, it } from '@jest/globals';
import { widened } from './store.js';

const mark = (start: number, cursor: number) => ({
  conversationId: 'c',
  kind: 'group' as const,
  start,
  cursor,
});

describe('a log that two windows of a browser write', () => {
  it('keeps what either has', () => {
    expect(widened(mark(3, 7), mark(0, 5))).toMatchObject({ start: 0, cursor: 7 });
    expect(widened(mark(0, 5), mark(3, 7))).toMatchObject({ start: 0, cursor: 7 });
    expect(widened(mark(5, 7), mark(0, 5))).toMatchObject({ start: 0, cursor: 7 });
  });

  it('claims nothing that neither has', () => {
    expect(widened(mark(30, 50), mark(0, 3))).toMatchObject({ start: 30, cursor: 50 });
    expect(widened(mark(0, 4), mark(30, 50))).toMatchObject({ start: 30, cursor: 50 });
  });
});
