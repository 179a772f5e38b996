import { Loader } from '@mantine/core';
import classes from './message.module.css';

/** Above the first row: room, or that older messages are being read. */
export function ListStart({ context }: { context?: { isStart: boolean } }) {
  return (
    <div className={classes['start']}>
      {!context?.isStart && <Loader size="xs" type="dots" color="gray" />}
    </div>
  );
}
