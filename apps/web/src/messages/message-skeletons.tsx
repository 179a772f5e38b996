import { Skeleton } from '@mantine/core';
import classes from './message.module.css';

const widths = [220, 300, 160, 260, 120, 340];

/** The shape of what is being read. */
export function MessageSkeletons() {
  return (
    <div className={classes['skeletons']} aria-busy>
      {widths.map((width, i) => (
        <div key={width} className={classes['skeleton']} data-mine={i % 3 === 2 || undefined}>
          {i % 3 !== 2 && <Skeleton width={36} height={36} />}
          <Skeleton width={width} height={i % 2 ? 58 : 38} radius={12} />
        </div>
      ))}
    </div>
  );
}
