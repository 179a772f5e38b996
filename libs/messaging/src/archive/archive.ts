/** A stretch of a log, both ends included. */
export interface SeqRange {
  from: number;
  to: number;
}

/** One stay of a person in a conversation: the first and the last event they see; null while it lasts. */
export interface Stay {
  joinedSeq: number;
  leftSeq: number | null;
}

/** What the people of these stays saw of a stretch, as stretches that do not touch, ascending. */
export function visibleRanges(stays: readonly Stay[], within: SeqRange): SeqRange[] {
  const seen = stays
    .map(({ joinedSeq, leftSeq }) => ({
      from: Math.max(joinedSeq, within.from),
      to: Math.min(leftSeq ?? within.to, within.to),
    }))
    .filter(({ from, to }) => from <= to)
    .sort((a, b) => a.from - b.from);
  const ranges: SeqRange[] = [];
  for (const range of seen) {
    const last = ranges.at(-1);
    if (last && range.from <= last.to + 1) last.to = Math.max(last.to, range.to);
    else ranges.push({ ...range });
  }
  return ranges;
}
