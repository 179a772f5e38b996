import type { ReactNode } from 'react';

export type Tone = 'good' | 'waiting' | 'danger' | 'accent' | 'quiet';

/** A state in a word; the colour only repeats what the word says. */
export function Tag({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className="tag" data-tone={tone}>
      {children}
    </span>
  );
}
