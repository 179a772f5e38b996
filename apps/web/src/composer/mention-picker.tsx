import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Member } from '#contracts';
import { PersonAvatar } from '../people/avatar.js';
import { client } from '../session/service.js';
import { useWords } from '../words/index.js';
import classes from './composer.module.css';
import { matching } from './mentions.js';

const mostShown = 30;

/** Members that fit what was written: by name here, by pinyin and initials from the service. */
export function useMentionChoices(members: readonly Member[], myId: string, written: string | undefined) {
  const others = useMemo(() => members.filter(({ person }) => person.id !== myId), [members, myId]);
  const found = useQuery({
    queryKey: ['people', 'mention', written],
    queryFn: () => client.call('people', { query: { q: written!, limit: 50 } }),
    enabled: written !== undefined && written !== '' && others.length > 0,
  });
  return useMemo(() => {
    if (written === undefined) return [];
    const ids = new Set(found.data?.items.map(({ id }) => id));
    return matching(others, written, ids).slice(0, mostShown);
  }, [others, written, found.data]);
}

interface MentionPickerProps {
  choices: readonly Member[];
  active: number;
  onChoose: (member: Member) => void;
}

export function MentionPicker({ choices, active, onChoose }: MentionPickerProps) {
  const { t } = useWords();
  return (
    <div
      className={classes['mentions']}
      role="listbox"
      aria-label={t('composer.mention')}
      data-testid="mentions"
    >
      {choices.length === 0 && <p className={classes['nobody']}>{t('composer.nobody')}</p>}
      {choices.map((member, i) => (
        <div
          key={member.person.id}
          role="option"
          aria-selected={i === active}
          className={classes['choice']}
          ref={(element) => {
            if (i === active) element?.scrollIntoView({ block: 'nearest' });
          }}
          // The field keeps the keyboard.
          onMouseDown={(event) => {
            event.preventDefault();
            onChoose(member);
          }}
        >
          <PersonAvatar personId={member.person.id} name={member.person.displayName} size={28} />
          <span>{member.person.displayName}</span>
          <span className={classes['choicePost']}>{member.person.departmentName}</span>
        </div>
      ))}
    </div>
  );
}
