import { ActionIcon, Badge, Button, Skeleton, Tooltip } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { ChevronLeft, Copy, MessageSquareText } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { copyText } from '#client-parts';
import type { Person } from '#contracts';
import { beginDirect } from '../conversations/begin.js';
import { ErrorState } from '../parts/states.js';
import { PersonAvatar } from '../people/avatar.js';
import { usePresence } from '../people/presence.js';
import { client } from '../session/service.js';
import { useMe } from '../shell/me.js';
import { useWords } from '../words/index.js';
import classes from './person-card.module.css';

interface PersonCardProps {
  personId: string;
  /** Beside the conversation with this person, where there is no need to begin one. */
  isInConversation?: boolean;
}

/** Everything the directory tells of one person. */
export function PersonCard({ personId, isInConversation = false }: PersonCardProps) {
  const { t } = useWords();
  const [, navigate] = useLocation();
  const person = useQuery({
    queryKey: ['person', personId],
    queryFn: () => client.call('person', { params: { personId } }),
  });
  if (person.isPending) return <CardSkeleton />;
  if (person.isError) return <ErrorState error={person.error} onRetry={() => void person.refetch()} />;
  return (
    <section
      className={classes['card']}
      data-narrow={isInConversation || undefined}
      aria-label={t('contacts.card', { name: person.data.displayName })}
      data-testid="person-card"
    >
      {!isInConversation && (
        <ActionIcon
          className={classes['back']}
          variant="subtle"
          color="gray"
          size={40}
          aria-label={t('common.back')}
          onClick={() => navigate('/contacts')}
        >
          <ChevronLeft size={22} aria-hidden />
        </ActionIcon>
      )}
      <Top person={person.data} isInConversation={isInConversation} />
      <Facts person={person.data} />
    </section>
  );
}

function Top({ person, isInConversation }: { person: Person; isInConversation: boolean }) {
  const { t, errorText } = useWords();
  const me = useMe();
  const [, navigate] = useLocation();
  const presence = usePresence(person.id);
  const given = person.displayName.includes(person.givenName ?? '') ? null : person.givenName;
  const begin = useMutation({
    mutationFn: () => beginDirect(person.id),
    onSuccess: ({ id }) => navigate(`/c/${id}`),
  });
  const isWritable = person.id !== me.id && person.active && !isInConversation;
  return (
    <header className={classes['top']}>
      <PersonAvatar personId={person.id} name={person.displayName} size={72} withPresence />
      <div className={classes['names']}>
        <h1>
          {person.displayName}
          {given && <span className={classes['given']}>{given}</span>}
          {!person.active && <Badge color="gray">{t('common.left')}</Badge>}
        </h1>
        <p>{[person.departmentName, person.title].filter(Boolean).join(' · ')}</p>
        <p className={classes['presence']} data-state={presence}>
          {presence && t(`contacts.${presence}`)}
        </p>
      </div>
      {isWritable && (
        <Button
          leftSection={<MessageSquareText size={17} aria-hidden />}
          loading={begin.isPending}
          onClick={() => begin.mutate()}
          data-testid="message-person"
        >
          {t('contacts.message')}
        </Button>
      )}
      {begin.isError && <p className={classes['error']}>{errorText(begin.error)}</p>}
    </header>
  );
}

function Facts({ person }: { person: Person }) {
  const { t } = useWords();
  return (
    <dl className={classes['facts']}>
      <Fact label={t('contacts.phone')} value={person.phone} href={person.phone && `tel:${person.phone}`} />
      <Fact
        label={t('contacts.mobile')}
        value={person.mobile}
        href={person.mobile && `tel:${person.mobile}`}
      />
      <Fact
        label={t('contacts.email')}
        value={person.email}
        href={person.email && `mailto:${person.email}`}
      />
      <Fact label={t('contacts.staffNumber')} value={person.staffNumber} />
      <Fact label={t('contacts.username')} value={person.username} />
      {person.posts.length > 0 && (
        <Row label={t('contacts.posts')}>
          {person.posts.map((post) => (
            <div key={`${post.departmentId} ${post.title ?? ''}`} className={classes['post']}>
              <Link href={`/d/${post.departmentId}`}>{post.path.join(' / ')}</Link>
              <span>
                {post.title}
                {post.main && person.posts.length > 1 && (
                  <Badge size="xs" variant="light" ml={6}>
                    {t('contacts.mainPost')}
                  </Badge>
                )}
              </span>
            </div>
          ))}
        </Row>
      )}
      {person.managers.length > 0 && (
        <Row label={t('contacts.manager')}>
          {person.managers.map(({ id, displayName, title }) => (
            <Link key={id} href={`/p/${id}`} className={classes['manager']}>
              <PersonAvatar personId={id} name={displayName} size={28} />
              {displayName}
              {title && <span className={classes['muted']}>{title}</span>}
            </Link>
          ))}
        </Row>
      )}
    </dl>
  );
}

function Fact({ label, value, href }: { label: string; value: string | null; href?: string | null }) {
  const { t } = useWords();
  if (!value) return null;
  return (
    <Row label={label}>
      {href ? <a href={href}>{value}</a> : value}
      <Tooltip label={t('common.copy')}>
        <ActionIcon
          className={classes['copy']}
          variant="subtle"
          color="gray"
          size={24}
          aria-label={`${t('common.copy')} ${label}`}
          onClick={() => void copyText(value)}
        >
          <Copy size={14} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </Row>
  );
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={classes['row']}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function CardSkeleton() {
  return (
    <div className={classes['card']} aria-busy>
      <div className={classes['top']}>
        <Skeleton width={72} height={72} />
        <div className={classes['names']}>
          <Skeleton height={20} width={120} mb={10} />
          <Skeleton height={12} width={200} />
        </div>
      </div>
      {[0, 1, 2, 3].map((i) => (
        <Skeleton key={i} height={14} width={`${70 - i * 10}%`} my={14} />
      ))}
    </div>
  );
}
