import { usePerson } from '../people/people.js';
import { useWords } from '../words/index.js';
import classes from './conversation-page.module.css';
import { useTyping } from './typing.js';

/** Its place is always there, so that nothing moves when somebody begins to type. */
export function TypingLine({ conversationId }: { conversationId: string }) {
  const { t } = useWords();
  const people = useTyping(conversationId);
  const first = usePerson(people[0]);
  const name = first?.displayName ?? '';
  return (
    <p className={classes['typing']} aria-live="polite" data-testid="typing">
      {people.length === 1 && t('view.typingOne', { name })}
      {people.length > 1 && t('view.typingMany', { count: people.length })}
    </p>
  );
}
