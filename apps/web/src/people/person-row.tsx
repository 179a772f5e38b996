import type { ReactNode } from 'react';
import type { PersonSummary } from '#contracts';
import { PersonAvatar } from './avatar.js';
import classes from './person-row.module.css';

interface PersonRowProps {
  person: PersonSummary;
  isChosen?: boolean;
  onClick?: () => void;
  /** At the right end. */
  children?: ReactNode;
  size?: number;
}

/** A person in a list: who and what post. */
export function PersonRow({ person, isChosen, onClick, children, size = 36 }: PersonRowProps) {
  const post = [person.departmentName, person.title].filter(Boolean).join(' · ');
  const content = (
    <>
      <PersonAvatar personId={person.id} name={person.displayName} size={size} withPresence />
      <span className={classes['text']}>
        <span className={classes['name']} title={person.displayName}>
          {person.displayName}
        </span>
        {post && (
          <span className={classes['post']} title={post}>
            {post}
          </span>
        )}
      </span>
    </>
  );
  return (
    <div
      className={classes['row']}
      data-chosen={isChosen || undefined}
      data-testid="person-row"
      data-person={person.id}
    >
      {onClick ? (
        <button type="button" className={classes['main']} onClick={onClick} aria-pressed={isChosen}>
          {content}
        </button>
      ) : (
        <div className={classes['main']}>{content}</div>
      )}
      {children}
    </div>
  );
}
