import { Anchor, Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { newId, type Approval } from '#contracts';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { DetailDrawer } from '../parts/detail-drawer.js';
import { Facts } from '../parts/facts.js';
import { useAmounts, useFormats } from '../parts/format.js';
import { announce } from '../parts/notices.js';
import { FaultNote } from '../parts/states.js';
import { http, refresh } from '../service.js';
import { ApprovalState } from './approval-state.js';
import { AskedExport } from './asked-export.js';
import { AskedPolicy, policySubject } from './asked-policy.js';
import { exportSubject, useOperationWords, useSubjectWords, type ExportSubject } from './subject.js';

interface ApprovalDrawerProps {
  approval: Approval | undefined;
  close: () => void;
}

export function ApprovalDrawer({ approval, close }: ApprovalDrawerProps) {
  const words = useOperationWords();
  return (
    <DetailDrawer
      opened={approval !== undefined}
      close={close}
      title={approval ? words(approval.operation) : ''}
      size={560}
    >
      {approval && <Request key={approval.id} approval={approval} />}
    </DetailDrawer>
  );
}

function Request({ approval }: { approval: Approval }) {
  const { t } = useTranslation();
  const { time } = useFormats();
  const subject = exportSubject(approval);
  const policy = policySubject(approval);
  return (
    <Stack gap="md" data-testid="approval">
      <Facts
        lines={[
          [t('approvals/state'), <ApprovalState key="state" state={approval.state} />],
          [t('approvals/askedBy'), approval.askedBy],
          [t('approvals/askedAt'), time(approval.askedAt)],
          [t('approvals/reason'), approval.reason],
          [t('approvals/expiresAt'), approval.state === 'asked' && time(approval.expiresAt)],
          [t('approvals/decidedBy'), approval.decidedBy],
          [t('approvals/decidedAt'), approval.decidedAt && time(approval.decidedAt)],
          [t('approvals/decidedNote'), approval.note],
          [t('approvals/usedAt'), approval.usedAt && time(approval.usedAt)],
        ]}
      />
      <section>
        <h3 className="section-title">{t('approvals/exactly')}</h3>
        {subject && <AskedExport subject={subject} />}
        {policy && <AskedPolicy subject={policy} />}
        {!subject && !policy && <Parts approval={approval} />}
      </section>
      {approval.mayDecide && <Decision approval={approval} subject={subject} />}
      {approval.state === 'asked' && !approval.mayDecide && (
        <Text className="quiet-note">{t('approvals/notYours')}</Text>
      )}
      {subject?.exportId && approval.state !== 'asked' && (
        <Anchor component={Link} href={`/exports?open=${subject.exportId}`}>
          {t('approvals/seeExport')}
        </Anchor>
      )}
    </Stack>
  );
}

/** Names and numbers as the owner of the operation gives them. */
function Parts({ approval }: { approval: Approval }) {
  const words = useSubjectWords();
  return (
    <Facts
      lines={Object.entries(approval.subject).map(([name, value]) => [
        words(name),
        typeof value === 'object' ? (
          <pre key={name} className="code quiet-note">
            {JSON.stringify(value, null, 2)}
          </pre>
        ) : (
          String(value as string | number | boolean)
        ),
      ])}
    />
  );
}

function Decision({ approval, subject }: { approval: Approval; subject: ExportSubject | undefined }) {
  const { t } = useTranslation();
  const amounts = useAmounts();
  const [note, setNote] = useState('');
  const [needsNote, setNeedsNote] = useState(false);
  // One id for each way to decide, so that a repeat after a lost answer is the same act.
  const ids = useMemo(() => ({ approve: newId(), refuse: newId() }), []);
  const decide = useMutation({
    mutationFn: (approve: boolean) =>
      http.call('decide', {
        params: { approvalId: approval.id },
        body: {
          clientId: approve ? ids.approve : ids.refuse,
          approve,
          ...(note.trim() && { note: note.trim() }),
        },
      }),
    onSuccess: (_answer, approve) =>
      announce(
        t(
          subject && approve
            ? 'approvals/approvedExport'
            : approve
              ? 'approvals/approved'
              : 'approvals/refused',
        ),
      ),
    onSettled: () => refresh('approvals', 'exports', 'export'),
  });
  const refuse = () => {
    if (note.trim() === '') setNeedsNote(true);
    else decide.mutate(false);
  };
  return (
    <Stack gap="sm">
      {subject && (
        <Text className="waiting-note">
          {t('approvals/consequence', {
            asker: approval.askedBy,
            people: amounts.people(subject.people.length),
            conversations:
              (subject.isComplete ? '' : t('approvals/moreThan')) +
              amounts.conversations(subject.conversations),
          })}
        </Text>
      )}
      <Textarea
        label={t('approvals/note')}
        placeholder={t('approvals/notePlaceholder')}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={1000}
        value={note}
        error={needsNote && note.trim() === '' && t('approvals/noteRequired')}
        onChange={({ currentTarget }) => setNote(currentTarget.value)}
        data-testid="decision-note"
      />
      <FaultNote error={decide.error} />
      <Group justify="flex-end">
        <Button
          variant="default"
          c="var(--danger)"
          loading={decide.isPending && !decide.variables}
          disabled={decide.isPending}
          onClick={refuse}
          data-testid="refuse"
        >
          {t('approvals/refuse')}
        </Button>
        <Button
          loading={decide.isPending && decide.variables}
          disabled={decide.isPending}
          onClick={() => decide.mutate(true)}
          data-testid="approve"
        >
          {t('approvals/approve')}
        </Button>
      </Group>
    </Stack>
  );
}
