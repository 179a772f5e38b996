import { describe, expect, it } from '@jest/globals';
import { visibleRanges } from './archive.js';

describe('what people saw of a conversation', () => {
  it('is all of the asked stretch for a member who never left', () => {
    expect(visibleRanges([{ joinedSeq: 1, leftSeq: null }], { from: 5, to: 9 })).toEqual([
      { from: 5, to: 9 },
    ]);
  });

  it('begins with joining and ends with leaving, both included', () => {
    expect(visibleRanges([{ joinedSeq: 4, leftSeq: 7 }], { from: 1, to: 9 })).toEqual([{ from: 4, to: 7 }]);
  });

  it('has a gap for the time between two stays', () => {
    const stays = [
      { joinedSeq: 8, leftSeq: null },
      { joinedSeq: 1, leftSeq: 3 },
    ];
    expect(visibleRanges(stays, { from: 1, to: 9 })).toEqual([
      { from: 1, to: 3 },
      { from: 8, to: 9 },
    ]);
  });

  it('holds every event once where two people saw the same', () => {
    const stays = [
      { joinedSeq: 1, leftSeq: 5 },
      { joinedSeq: 3, leftSeq: 6 },
      { joinedSeq: 7, leftSeq: 8 },
    ];
    expect(visibleRanges(stays, { from: 1, to: 9 })).toEqual([{ from: 1, to: 8 }]);
  });

  it('is nothing for somebody who left before', () => {
    expect(visibleRanges([{ joinedSeq: 1, leftSeq: 4 }], { from: 5, to: 9 })).toEqual([]);
  });
});
