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
 * scrolls leaves the end.
 */
export function useEnd({ isAtEnd, setAtEnd }: End) {
  const [scroller, setScroller] = useState<HTMLElement>();
  const height = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const toEnd = useCallback(() => {
    // After the rows have got their places.
    requestAnimationFrame(() => scroller?.scrollTo({ top: scroller.scrollHeight }));
  }, [scroller]);
  const keepEnd = useCallback(() => {
    if (isAtEnd) toEnd();
  }, [isAtEnd, toEnd]);
  useEffect(() => {
    if (!scroller) return undefined;
    const observer = new ResizeObserver(keepEnd);
    observer.observe(scroller);
    return () => observer.disconnect();
  }, [scroller, keepEnd]);
  const onEndChange = useCallback(
    (isNowAtEnd: boolean) => {
      clearTimeout(timer.current);
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
  return { onEndChange, keepEnd, scrollerRef };
}

const isNearEnd = (scroller: HTMLElement | undefined): boolean =>
  scroller !== undefined && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight <= endPixels;
