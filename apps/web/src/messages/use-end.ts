import { useCallback, useEffect, useRef, useState } from 'react';

/** Pixels from its end within which a list stands at it. */
export const endPixels = 48;
const settleMs = 120;

interface End {
  isAtEnd: boolean;
  setAtEnd: (isAtEnd: boolean) => void;
}

/**
 * Keeps a list that stands at its end there when its window or its last rows change their height: only somebody who
 * scrolls leaves the end. While a button is pressed it rests, and goes on when the button is let go: what moved away
 * below the pointer would lose its click, and a selection its text.
 */
export function useEnd({ isAtEnd, setAtEnd }: End) {
  const [scroller, setScroller] = useState<HTMLElement>();
  const height = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** Where the list stood when a button was pressed at its end. */
  const heldAt = useRef<number>(undefined);
  const toEnd = useCallback(() => {
    // After the rows have got their places.
    requestAnimationFrame(() => scroller?.scrollTo({ top: scroller.scrollHeight }));
  }, [scroller]);
  const keepEnd = useCallback(() => {
    if (isAtEnd && heldAt.current === undefined) toEnd();
  }, [isAtEnd, toEnd]);
  useEffect(() => {
    if (!scroller) return undefined;
    const press = () => {
      if (isAtEnd) heldAt.current = scroller.scrollTop;
    };
    const release = () => {
      if (heldAt.current === undefined) return;
      const isMoved = scroller.scrollTop < heldAt.current;
      heldAt.current = undefined;
      if (isMoved) setAtEnd(isNearEnd(scroller));
      else toEnd();
    };
    scroller.addEventListener('pointerdown', press);
    for (const kind of releases) window.addEventListener(kind, release);
    return () => {
      scroller.removeEventListener('pointerdown', press);
      for (const kind of releases) window.removeEventListener(kind, release);
    };
  }, [scroller, isAtEnd, setAtEnd, toEnd]);
  useEffect(() => {
    if (!scroller) return undefined;
    const observer = new ResizeObserver(keepEnd);
    observer.observe(scroller);
    return () => observer.disconnect();
  }, [scroller, keepEnd]);
  const onEndChange = useCallback(
    (isNowAtEnd: boolean) => {
      clearTimeout(timer.current);
      if (heldAt.current !== undefined) return;
      const now = scroller?.clientHeight ?? 0;
      const isResized = height.current !== 0 && now !== height.current;
      height.current = now;
      if (!isNowAtEnd && isResized) toEnd();
      else if (!isNowAtEnd) setAtEnd(false);
      // While rows are still being placed the list passes its end without standing there.
      else timer.current = setTimeout(() => setAtEnd(isNearEnd(scroller)), settleMs);
    },
    [scroller, setAtEnd, toEnd],
  );
  useEffect(() => () => clearTimeout(timer.current), []);
  const scrollerRef = useCallback((element: HTMLElement | Window | null) => {
    setScroller(element instanceof HTMLElement ? element : undefined);
  }, []);
  const mayFollow = useCallback(() => heldAt.current === undefined, []);
  return { onEndChange, keepEnd, mayFollow, scrollerRef };
}

/** A press that becomes the scrolling of a finger is cancelled. */
const releases = ['pointerup', 'pointercancel', 'blur'];

const isNearEnd = (scroller: HTMLElement | undefined): boolean =>
  scroller !== undefined && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight <= endPixels;
