import { TextInput } from '@mantine/core';
import { ContactRound, Search } from 'lucide-react';
import { useState } from 'react';
import { useParams } from 'wouter';
import { ListWidth } from '../conversations/list-width.js';
import { EmptyState } from '../parts/states.js';
import { useWords } from '../words/index.js';
import classes from './contacts.module.css';
import { DepartmentView } from './department-view.js';
import { FoundPeople } from './found-people.js';
import { PersonCard } from './person-card.js';

/** The organisation, and everybody in it. */
export function ContactsPage() {
  const { t } = useWords();
  const { personId, departmentId: wanted } = useParams<{ personId?: string; departmentId?: string }>();
  const [q, setQ] = useState('');
  const [departmentId, setDepartment] = useState<string>();
  const shown = wanted ?? departmentId;
  return (
    <>
      <ListWidth isBehind={personId !== undefined} label={t('contacts.title')}>
        <header className={classes['head']}>
          <TextInput
            leftSection={<Search size={16} aria-hidden />}
            placeholder={t('contacts.search')}
            aria-label={t('contacts.search')}
            value={q}
            onChange={(event) => setQ(event.currentTarget.value)}
            onKeyDown={(event) => event.key === 'Escape' && setQ('')}
            data-testid="people-search"
          />
        </header>
        <div className={classes['list']}>
          {q.trim() === '' ? (
            <DepartmentView departmentId={shown} openId={personId} onOpen={setDepartment} />
          ) : (
            <FoundPeople q={q} openId={personId} />
          )}
        </div>
      </ListWidth>
      <main className={classes['main']} data-empty={personId === undefined || undefined}>
        {personId === undefined ? (
          <EmptyState icon={ContactRound} title={t('contacts.pick')} />
        ) : (
          <PersonCard key={personId} personId={personId} />
        )}
      </main>
    </>
  );
}
