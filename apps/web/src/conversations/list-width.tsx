import { useState, type CSSProperties, type PointerEvent, type ReactNode } from 'react';
import classes from './conversation-list.module.css';

const key = 'chancery.listWidth';
const least = 280;
const most = 340;
const within = (width: number) => Math.min(most, Math.max(least, width || 300));

interface ListWidthProps {
  label: string;
  /** On narrow screens what was chosen covers the list. */
  isBehind: boolean;
  children: ReactNode;
}

/** The second column, as wide as its edge was dragged. */
export function ListWidth({ label, isBehind, children }: ListWidthProps) {
  const [width, setWidth] = useState(() => within(Number(localStorage.getItem(key))));
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const next = within(event.clientX - event.currentTarget.parentElement!.getBoundingClientRect().left);
    setWidth(next);
    localStorage.setItem(key, String(next));
  };
  return (
    <section
      className={classes['column']}
      style={{ '--list-width': `${width}px` } as CSSProperties}
      data-behind={isBehind || undefined}
      aria-label={label}
    >
      {children}
      <div
        className={classes['edge']}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={onPointerMove}
        aria-hidden
      />
    </section>
  );
}
