import { ActionIcon, Button, SegmentedControl, TextInput } from '@mantine/core';
import { LogOut, Pencil, Search, Trash2, UserPlus, X } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { Conversation, Member } from '#contracts';
import { PersonCard } from '../contacts/person-card.js';
import { Confirm, type Question } from '../parts/confirm.js';
import { ErrorState } from '../parts/states.js';
import { PersonSkeletons } from '../people/person-skeletons.js';
import { useMe } from '../shell/me.js';
import { useWords } from '../words/index.js';
import { AddMembers } from './add-members.js';
import { dissolve, removeMember } from './changes.js';
import classes from './group-panel.module.css';
import { FollowsNote } from './follows-note.js';
import { MemberRow } from './member-row.js';
import { useMembers } from './members.js';
import { RenameGroup } from './rename-group.js';

interface GroupPanelProps {
  conversation: Conversation;
  onClose: () => void;
}

const ConversationFiles = lazy(() => import('../files/conversation-files.js'));

type Shown = 'about' | 'files';

/** Beside the messages: whom this conversation is with, and what can be done to it. */
export function GroupPanel({ conversation, onClose }: GroupPanelProps) {
  const { t } = useWords();
  const isGroup = conversation.kind === 'group';
  const [shown, setShown] = useState<Shown>('about');
  return (
    <aside className={classes['panel']} aria-label={t('view.info')} data-testid="panel">
      <header className={classes['head']}>
        <h2>{isGroup ? t('group.title') : t('group.direct')}</h2>
        <ActionIcon variant="subtle" color="gray" size={32} aria-label={t('common.close')} onClick={onClose}>
          <X size={18} aria-hidden />
        </ActionIcon>
      </header>
      <SegmentedControl
        className={classes['tabs']}
        value={shown}
        onChange={(value) => setShown(value as Shown)}
        data={[
          { value: 'about', label: t('files.about') },
          { value: 'files', label: t('files.title') },
        ]}
        data-testid="panel-tabs"
      />
      {shown === 'files' ? (
        <Suspense fallback={<PersonSkeletons />}>
          <ConversationFiles conversationId={conversation.id} />
        </Suspense>
      ) : isGroup ? (
        <GroupBody conversation={conversation} />
      ) : (
        conversation.peerId && <PersonCard personId={conversation.peerId} isInConversation />
      )}
    </aside>
  );
}

function GroupBody({ conversation }: { conversation: Conversation }) {
  const { t } = useWords();
  const me = useMe();
  const [question, setQuestion] = useState<Question>();
  const [dialog, setDialog] = useState<'add' | 'rename'>();
  const { name, role, dissolved, memberCount, follows } = conversation;
  const isLive = role !== null && !dissolved;
  const isOwner = isLive && role === 'owner';
  const leave = (): Question =>
    isOwner
      ? { title: t('group.leave'), text: t('group.leaveOwner') }
      : {
          title: t('group.leave'),
          text: t('group.leaveAsk', { name }),
          act: () => removeMember(conversation, me.id),
          isDangerous: true,
        };
  const end = (): Question => ({
    title: t('group.dissolve'),
    text: t('group.dissolveAsk', { name, count: memberCount }),
    act: () => dissolve(conversation),
    isDangerous: true,
  });
  return (
    <>
      <div className={classes['name']}>
        <strong>{name}</strong>
        {isOwner && (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('group.rename')}
            onClick={() => setDialog('rename')}
          >
            <Pencil size={16} aria-hidden />
          </ActionIcon>
        )}
      </div>
      {isLive && follows && <FollowsNote follows={follows} />}
      <Members conversation={conversation} isOwner={isOwner} onQuestion={setQuestion}>
        {isLive && !follows && (
          <Button
            variant="light"
            size="compact-sm"
            leftSection={<UserPlus size={15} aria-hidden />}
            onClick={() => setDialog('add')}
            data-testid="add-members"
          >
            {t('group.add')}
          </Button>
        )}
      </Members>
      {isLive && (isOwner || !follows) && (
        <footer className={classes['foot']}>
          {!follows && (
            <Button
              variant="subtle"
              color="gray"
              leftSection={<LogOut size={16} aria-hidden />}
              onClick={() => setQuestion(leave())}
              data-testid="leave"
            >
              {t('group.leave')}
            </Button>
          )}
          {isOwner && (
            <Button
              variant="subtle"
              color="red"
              leftSection={<Trash2 size={16} aria-hidden />}
              onClick={() => setQuestion(end())}
              data-testid="dissolve"
            >
              {t('group.dissolve')}
            </Button>
          )}
        </footer>
      )}
      <Confirm question={question} onClose={() => setQuestion(undefined)} />
      <AddMembers
        conversation={conversation}
        opened={dialog === 'add'}
        onClose={() => setDialog(undefined)}
      />
      <RenameGroup
        conversation={conversation}
        opened={dialog === 'rename'}
        onClose={() => setDialog(undefined)}
      />
    </>
  );
}

interface MembersProps {
  conversation: Conversation;
  isOwner: boolean;
  onQuestion: (question: Question) => void;
  children: React.ReactNode;
}

function Members({ conversation, isOwner, onQuestion, children }: MembersProps) {
  const { t } = useWords();
  const [filter, setFilter] = useState('');
  const members = useMembers(conversation);
  if (conversation.role === null) return null;
  const wanted = filter.trim().toLowerCase();
  const isWanted = ({ person }: Member) =>
    person.displayName.toLowerCase().includes(wanted) || person.username.toLowerCase().includes(wanted);
  return (
    <>
      <div className={classes['bar']}>
        <span>{t('view.members', { count: conversation.memberCount })}</span>
        {children}
      </div>
      {conversation.memberCount > 8 && (
        <TextInput
          className={classes['filter']}
          leftSection={<Search size={15} aria-hidden />}
          placeholder={t('group.filter')}
          aria-label={t('group.filter')}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
      )}
      <div className={classes['members']}>
        {members.isLoading && <PersonSkeletons />}
        {members.isError && <ErrorState error={members.error} onRetry={() => void members.refetch()} />}
        {members.data?.filter(isWanted).map((member) => (
          <MemberRow
            key={member.person.id}
            member={member}
            conversation={conversation}
            isOwner={isOwner}
            onQuestion={onQuestion}
          />
        ))}
      </div>
    </>
  );
}
