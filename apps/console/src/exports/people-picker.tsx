import { Combobox, Loader, Pill, PillsInput, Text, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { PersonSummary } from '#contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PersonFace } from '../parts/person-face.js';
import { useAnswer } from '../service.js';

const pauseMs = 200;
const shown = 20;
export const peopleMost = 100;

interface PeoplePickerProps {
  chosen: PersonSummary[];
  choose: (people: PersonSummary[]) => void;
  error: string | undefined;
  /** What the people are chosen for; for an export where it is absent. */
  label?: string;
  description?: string;
}

/** Finds people by whatever one knows of them. */
export function PeoplePicker({ chosen, choose, error, label, description }: PeoplePickerProps) {
  const { t } = useTranslation();
  const named = label ?? t('exports/form/people');
  const hint = label === undefined ? t('exports/form/peopleHint') : description;
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.trim(), pauseMs);
  const { data, isFetching } = useAnswer('people', { query: { q, limit: shown } }, { enabled: q !== '' });
  const chosenIds = new Set(chosen.map(({ id }) => id));
  const found = q === '' ? [] : (data?.items ?? []).filter(({ id }) => !chosenIds.has(id));
  const isFull = chosen.length >= peopleMost;
  const add = (id: string) => {
    const person = found.find((one) => one.id === id);
    if (!person || isFull) return;
    choose([...chosen, person]);
    setText('');
    combobox.closeDropdown();
  };
  const remove = (id: string) => choose(chosen.filter((one) => one.id !== id));
  return (
    <Combobox store={combobox} onOptionSubmit={add}>
      <Combobox.DropdownTarget>
        <PillsInput
          label={named}
          description={isFull ? t('exports/form/peopleFull') : hint}
          error={error}
          rightSection={isFetching ? <Loader size={14} /> : null}
          onClick={() => combobox.openDropdown()}
        >
          <Pill.Group>
            {chosen.map(({ id, displayName, departmentName }) => (
              <Pill
                key={id}
                withRemoveButton
                onRemove={() => remove(id)}
                removeButtonProps={{ 'aria-label': t('exports/form/remove', { name: displayName }) }}
                title={departmentName ?? undefined}
              >
                {displayName}
              </Pill>
            ))}
            <Combobox.EventsTarget>
              <PillsInput.Field
                value={text}
                placeholder={chosen.length === 0 ? t('exports/form/peoplePlaceholder') : undefined}
                aria-label={named}
                onFocus={() => combobox.openDropdown()}
                onBlur={() => combobox.closeDropdown()}
                onChange={({ currentTarget }) => {
                  setText(currentTarget.value);
                  combobox.openDropdown();
                  combobox.updateSelectedOptionIndex();
                }}
                onKeyDown={(event) => {
                  const last = chosen.at(-1);
                  if (event.key === 'Backspace' && text === '' && last) remove(last.id);
                }}
                data-testid="people-search"
              />
            </Combobox.EventsTarget>
          </Pill.Group>
        </PillsInput>
      </Combobox.DropdownTarget>
      <Combobox.Dropdown hidden={q === '' || (found.length === 0 && isFetching)}>
        <Combobox.Options mah={280} style={{ overflowY: 'auto' }}>
          {found.map((person) => (
            <Combobox.Option key={person.id} value={person.id} data-testid="person-option">
              <Found person={person} />
            </Combobox.Option>
          ))}
          {found.length === 0 && <Combobox.Empty>{t('exports/form/peopleEmpty')}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function Found({ person }: { person: PersonSummary }) {
  return (
    <div className="person">
      <PersonFace person={person} withPhoto={false} />
      <div>
        <div>{person.displayName}</div>
        <Text size="xs" c="dimmed">
          {[person.departmentName, person.title, person.username].filter(Boolean).join(' · ')}
        </Text>
      </div>
    </div>
  );
}
