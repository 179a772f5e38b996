import { Skeleton } from '@mantine/core';
import classes from './person-row.module.css';

/** The shape of people who are being read. */
export function PersonSkeletons() {
  return (
    <div aria-busy>
      {[52, 68, 44, 60, 56].map((width) => (
        <div key={width} className={classes['main']}>
          <Skeleton width={36} height={36} />
          <div style={{ flex: 1 }}>
            <Skeleton height={12} width={`${width}%`} mb={8} />
            <Skeleton height={10} width={`${width - 20}%`} />
          </div>
        </div>
      ))}
    </div>
  );
}
