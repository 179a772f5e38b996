import { ActionIcon, Badge, Menu } from '@mantine/core';
import { Crown, Ellipsis, UserMinus } from 'lucide-react';
import { useLocation } from 'wouter';
import type { Conversation, Member } from '#contracts';
import type { Question } from '../parts/confirm.js';
import { PersonRow } from '../people/person-row.js';
import { useWords } from '../words/index.js';
import { handOver, removeMember } from './changes.js';

interface MemberRowProps {
  member: Member;
  conversation: Conversation;
  isOwner: boolean;
  onQuestion: (question: Question) => void;
}

export function MemberRow({ member: { person, role }, conversation, isOwner, onQuestion }: MemberRowProps) {
  const { t } = useWords();
  const [, navigate] = useLocation();
  const words = { person: person.displayName, name: conversation.name };
  return (
    <PersonRow person={person} size={32} onClick={() => navigate(`/p/${person.id}`)}>
      {role === 'owner' && (
        <Badge variant="light" size="sm">
          {t('group.owner')}
        </Badge>
      )}
      {isOwner && role !== 'owner' && (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('group.memberActions', { name: person.displayName })}
            >
              <Ellipsis size={16} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<Crown size={15} />}
              onClick={() =>
                onQuestion({
                  title: t('group.makeOwner'),
                  text: t('group.ownerAsk', words),
                  act: () => handOver(conversation, person.id),
                })
              }
            >
              {t('group.makeOwner')}
            </Menu.Item>
            {!conversation.follows && (
              <Menu.Item
                color="red"
                leftSection={<UserMinus size={15} />}
                onClick={() =>
                  onQuestion({
                    title: t('group.remove'),
                    text: t('group.removeAsk', words),
                    act: () => removeMember(conversation, person.id),
                    isDangerous: true,
                  })
                }
              >
                {t('group.remove')}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
    </PersonRow>
  );
}
