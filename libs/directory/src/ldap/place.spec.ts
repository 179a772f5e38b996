import { describe, expect, it } from '@jest/globals';
import { changedSince, markOf, stampOf, timeOf, type Place } from './place.js';

const at = (seconds: number) => Date.UTC(2026, 0, 1, 0, 0, seconds);
const place = (seconds: number, marked: number): Place => ({
  ...{ server: 'a', members: '' },
  mark: stampOf(at(seconds)),
  markedAt: new Date(at(marked)),
});

describe('the place a reading has come to', () => {
  it('reads the times that servers write', () => {
    expect(timeOf('20260101000007Z')).toBe(at(7));
    expect(timeOf('20260101000007.123456Z')).toBe(at(7));
    expect(timeOf('today')).toBeUndefined();
    expect(stampOf(at(7))).toBe('20260101000007Z');
  });

  it('lies as long before the latest stamp as the reading took', () => {
    const stamps = [3, 9, 5].map((seconds) => stampOf(at(seconds)));
    expect(markOf(stamps, { markedAt: new Date(at(100)), now: at(104) })).toBe(stampOf(at(5)));
    expect(timeOf(markOf([], { markedAt: new Date() }))).toBe(0);
  });

  it('goes on as our clock does where nothing changes, however that clock differs', () => {
    const mark = markOf([], { markedAt: new Date(at(530)), before: place(10, 500), now: at(531) });
    expect(mark).toBe(stampOf(at(40)));
  });

  it('never goes back, and does not follow a clock that was set', () => {
    const before = place(10, 500);
    expect(markOf([], { markedAt: new Date(at(100)), before, now: at(101) })).toBe(before.mark);
    expect(markOf([], { markedAt: new Date(at(50_000)), before, now: at(50_001) })).toBe(stampOf(at(70)));
  });

  it('is asked from a minute earlier on', () => {
    expect(changedSince(place(90, 500))).toBe('(modifyTimestamp>=20260101000030Z)');
  });
});
