import { Button, Group, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { newId, type Export, type PersonSummary } from '#contracts';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { DetailDrawer } from '../parts/detail-drawer.js';
import { daysBetween, fromLocalInput, toLocalInput, useAmounts } from '../parts/format.js';
import { announce } from '../parts/notices.js';
import { FaultNote } from '../parts/states.js';
import { http, refresh } from '../service.js';
import { PeoplePicker } from './people-picker.js';

const dayMs = 86_400_000;
const reasonLeast = 5;
const spans = [
  ['last7', 7],
  ['last30', 30],
  ['lastYear', 365],
] as const;

interface AskDrawerProps {
  opened: boolean;
  close: () => void;
  asked: (exportId: string) => void;
}

export function AskDrawer({ opened, close, asked }: AskDrawerProps) {
  const { t } = useTranslation();
  return (
    <DetailDrawer opened={opened} close={close} title={t('exports/form/title')} size={560}>
      <AskForm close={close} asked={asked} />
    </DetailDrawer>
  );
}

interface Draft {
  people: PersonSummary[];
  from: string;
  to: string;
  reason: string;
}

function useFaults({ people, from, to, reason }: Draft) {
  const { t } = useTranslation();
  const begin = fromLocalInput(from);
  const end = fromLocalInput(to);
  return {
    people: people.length === 0 ? t('exports/form/peopleRequired') : undefined,
    from: begin ? undefined : t('exports/form/timeRequired'),
    to: !end
      ? t('exports/form/timeRequired')
      : begin && begin >= end
        ? t('exports/form/timeOrder')
        : undefined,
    reason: reason.trim().length < reasonLeast ? t('exports/form/reasonShort') : undefined,
  };
}

const lately = (days: number) => ({
  from: toLocalInput(new Date(Date.now() - days * dayMs)),
  // A minute ahead, so that what was just said is in it.
  to: toLocalInput(new Date(Date.now() + 60_000)),
});

function AskForm({ close, asked }: Omit<AskDrawerProps, 'opened'>) {
  const { t } = useTranslation();
  const amounts = useAmounts();
  const [draft, setDraft] = useState<Draft>(() => ({ people: [], ...lately(30), reason: '' }));
  const [wasTried, setTried] = useState(false);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const faults = useFaults(draft);
  const isRight = Object.values(faults).every((fault) => fault === undefined);
  const shown: Partial<typeof faults> = wasTried ? faults : {};
  const ask = useAsk(draft, asked);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isRight && !ask.isPending) ask.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <PeoplePicker chosen={draft.people} choose={(people) => change({ people })} error={shown.people} />
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
          <TextInput
            type="datetime-local"
            label={t('exports/form/from')}
            value={draft.from}
            error={shown.from}
            onChange={({ currentTarget }) => change({ from: currentTarget.value })}
            data-testid="from"
          />
          <TextInput
            type="datetime-local"
            label={t('exports/form/to')}
            value={draft.to}
            error={shown.to}
            onChange={({ currentTarget }) => change({ to: currentTarget.value })}
            data-testid="to"
          />
        </SimpleGrid>
        <Group gap="xs">
          {spans.map(([name, days]) => (
            <Button key={name} size="compact-sm" variant="default" onClick={() => change(lately(days))}>
              {t(`exports/form/${name}`)}
            </Button>
          ))}
        </Group>
        <Textarea
          label={t('exports/form/reason')}
          description={t('exports/form/reasonHint')}
          autosize
          minRows={3}
          maxRows={10}
          maxLength={1000}
          value={draft.reason}
          error={shown.reason}
          onChange={({ currentTarget }) => change({ reason: currentTarget.value })}
          data-testid="reason"
        />
        {isRight && (
          <Text className="quiet-note">
            {t('exports/form/summary', {
              people: amounts.people(draft.people.length),
              days: amounts.days(daysBetween(draft.from, draft.to)),
            })}
          </Text>
        )}
        <FaultNote error={ask.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('common/cancel')}
          </Button>
          <Button type="submit" loading={ask.isPending} data-testid="submit-export">
            {t('exports/form/submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function useAsk(draft: Draft, asked: (exportId: string) => void) {
  const { t } = useTranslation();
  // One id for what stands in the form: a repeat after a lost answer asks for nothing twice.
  const clientId = useMemo(() => ({ draft, id: newId() }), [draft]).id;
  return useMutation<Export>({
    mutationFn: () =>
      http.call('askExport', {
        body: {
          clientId,
          personIds: draft.people.map(({ id }) => id),
          from: fromLocalInput(draft.from)!,
          to: fromLocalInput(draft.to)!,
          reason: draft.reason.trim(),
        },
      }),
    onSuccess: async ({ id }) => {
      announce(t('exports/form/submitted'));
      await refresh('exports');
      asked(id);
    },
  });
}
