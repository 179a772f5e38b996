import { useQuery } from '@tanstack/react-query';
import { Network } from 'lucide-react';
import type { Conversation } from '#contracts';
import { client } from '../session/service.js';
import { useWords } from '../words/index.js';
import classes from './group-panel.module.css';

/** Says whose people the members are, in place of what changes them by hand. */
export function FollowsNote({ follows }: { follows: NonNullable<Conversation['follows']> }) {
  const { t } = useWords();
  const { departmentId, withBelow } = follows;
  const department = useQuery({
    queryKey: ['department', departmentId],
    queryFn: () => client.call('department', { params: { departmentId } }),
  });
  const words = { department: department.data?.name ?? '…' };
  return (
    <p className={classes['follows']} data-testid="follows">
      <Network size={15} aria-hidden />
      {withBelow ? t('group.followsBelow', words) : t('group.follows', words)}
    </p>
  );
}
