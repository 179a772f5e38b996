import { Checkbox, Pill, PillsInput, ScrollArea } from '@mantine/core';
import { SearchX, UserSearch } from 'lucide-react';
import { useState } from 'react';
import type { PersonSummary } from '#contracts';
import { EmptyState, ErrorState } from '../parts/states.js';
import { useMe } from '../shell/me.js';
import { useWords } from '../words/index.js';
import { PersonRow } from './person-row.js';
import { PersonSkeletons } from './person-skeletons.js';
import { usePeopleSearch } from './use-search.js';

interface PeoplePickerProps {
  chosen: readonly PersonSummary[];
  onChange: (chosen: PersonSummary[]) => void;
  /** Shown, but not to be chosen. */
  excluded?: ReadonlySet<string>;
}

/** Finds people by name, pinyin or initials, and gathers those that are chosen. */
export function PeoplePicker({ chosen, onChange, excluded }: PeoplePickerProps) {
  const { t } = useWords();
  const [q, setQ] = useState('');
  const remove = (id: string) => onChange(chosen.filter((person) => person.id !== id));
  const toggle = (person: PersonSummary) => {
    if (chosen.some(({ id }) => id === person.id)) return remove(person.id);
    onChange([...chosen, person]);
    setQ('');
  };
  return (
    <>
      <PillsInput>
        <Pill.Group>
          {chosen.map(({ id, displayName }) => (
            <Pill
              key={id}
              withRemoveButton
              onRemove={() => remove(id)}
              removeButtonProps={{ 'aria-label': t('create.unchoose', { name: displayName }) }}
            >
              {displayName}
            </Pill>
          ))}
          <PillsInput.Field
            value={q}
            placeholder={chosen.length === 0 ? t('create.search') : undefined}
            aria-label={t('create.search')}
            onChange={(event) => setQ(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Backspace' && q === '' && chosen.length > 0) remove(chosen.at(-1)!.id);
            }}
            data-autofocus
            data-testid="people-search"
          />
        </Pill.Group>
      </PillsInput>
      <ScrollArea h={320} mt="sm" type="auto">
        <Choices q={q} chosen={chosen} excluded={excluded} onToggle={toggle} />
      </ScrollArea>
    </>
  );
}

interface ChoicesProps {
  q: string;
  chosen: readonly PersonSummary[];
  excluded: ReadonlySet<string> | undefined;
  onToggle: (person: PersonSummary) => void;
}

function Choices({ q, chosen, excluded, onToggle }: ChoicesProps) {
  const { t } = useWords();
  const me = useMe();
  const found = usePeopleSearch({ q });
  if (q.trim() === '') {
    if (chosen.length === 0) return <EmptyState icon={UserSearch} title={t('create.hint')} />;
    return chosen.map((person) => <Choice key={person.id} person={person} isChosen onToggle={onToggle} />);
  }
  if (found.isPending) return <PersonSkeletons />;
  if (found.isError) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  const people = found.data.pages.flatMap(({ items }) => items).filter(({ id }) => id !== me.id);
  if (people.length === 0) {
    return <EmptyState icon={SearchX} title={t('create.nobody')} hint={t('create.nobodyHint')} />;
  }
  return people.map((person) => (
    <Choice
      key={person.id}
      person={person}
      isChosen={chosen.some(({ id }) => id === person.id)}
      isExcluded={excluded?.has(person.id) ?? false}
      onToggle={onToggle}
    />
  ));
}

interface ChoiceProps {
  person: PersonSummary;
  isChosen: boolean;
  isExcluded?: boolean;
  onToggle: (person: PersonSummary) => void;
}

function Choice({ person, isChosen, isExcluded = false, onToggle }: ChoiceProps) {
  return (
    <PersonRow person={person} isChosen={isChosen} {...(!isExcluded && { onClick: () => onToggle(person) })}>
      <Checkbox checked={isChosen || isExcluded} disabled={isExcluded} readOnly tabIndex={-1} aria-hidden />
    </PersonRow>
  );
}
