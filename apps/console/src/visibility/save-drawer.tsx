import { Button, Group, Stack, Table, Text, Textarea } from '@mantine/core';
import { newId, type PersonSummary, type VisibilityPreview, type VisibilityRule } from '#contracts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useMemo, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { PeoplePicker } from '../exports/people-picker.js';
import { DetailDrawer } from '../parts/detail-drawer.js';
import { useFormats } from '../parts/format.js';
import { announce } from '../parts/notices.js';
import { FaultNote } from '../parts/states.js';
import { http, refresh } from '../service.js';

const reasonLeast = 5;

interface SaveDrawerProps {
  opened: boolean;
  version: number;
  rules: VisibilityRule[];
  close: () => void;
  saved: () => void;
}

/** What the rules would do, in numbers, before they may be saved. */
export function SaveDrawer({ opened, ...rest }: SaveDrawerProps) {
  const { t } = useTranslation();
  return (
    <DetailDrawer opened={opened} close={rest.close} title={t('visibility/saveTitle')} size={560}>
      <SaveForm {...rest} />
    </DetailDrawer>
  );
}

function SaveForm({ version, rules, close, saved }: Omit<SaveDrawerProps, 'opened'>) {
  const { t } = useTranslation();
  const [person, setPerson] = useState<PersonSummary>();
  const [reason, setReason] = useState('');
  const [wasTried, setTried] = useState(false);
  const preview = usePreview(rules, person);
  const save = useSave({ version, rules, reason: reason.trim() }, saved);
  const isShort = reason.trim().length < reasonLeast;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isShort && preview.data && !save.isPending) save.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <FaultNote error={preview.error} />
        {preview.data && <Effects rules={rules} preview={preview.data} />}
        <PeoplePicker
          label={t('visibility/asPerson')}
          description={t('visibility/asPersonHint')}
          chosen={person ? [person] : []}
          choose={(people) => setPerson(people.at(-1))}
          error={undefined}
        />
        {preview.data && <Seen preview={preview.data} person={person} />}
        <Textarea
          label={t('visibility/reason')}
          autosize
          minRows={2}
          maxLength={1000}
          value={reason}
          error={wasTried && isShort && t('visibility/reasonShort')}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
          data-testid="rules-reason"
        />
        <FaultNote error={save.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('common/cancel')}
          </Button>
          <Button type="submit" disabled={!preview.data} loading={save.isPending} data-testid="save-rules">
            {t('visibility/save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const usePreview = (rules: VisibilityRule[], person: PersonSummary | undefined) =>
  useQuery<VisibilityPreview>({
    queryKey: ['previewVisibility', rules, person?.id],
    queryFn: () =>
      http.call('previewVisibility', { body: { rules, ...(person && { personId: person.id }) } }),
  });

function useSave(body: { version: number; rules: VisibilityRule[]; reason: string }, saved: () => void) {
  const { t } = useTranslation();
  const { version, rules, reason } = body;
  // One id for what stands in the form: a repeat after a lost answer makes no second version.
  const clientId = useMemo(() => ({ version, rules, reason, id: newId() }), [version, rules, reason]).id;
  return useMutation({
    mutationFn: () => http.call('setVisibility', { body: { clientId, version, rules, reason } }),
    onSuccess: async () => {
      announce(t('visibility/saved'));
      await refresh('visibility', 'visibilityVersions');
      saved();
    },
  });
}

function Effects({ rules, preview }: { rules: VisibilityRule[]; preview: VisibilityPreview }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  if (rules.length === 0) return <Text>{t('visibility/noRules')}</Text>;
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('visibility/name')}</Table.Th>
          <Table.Th ta="right">{t('visibility/protectedPeople')}</Table.Th>
          <Table.Th ta="right">{t('visibility/viewers')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rules.map(({ name, effect }, i) => (
          <Table.Tr key={`${i} ${name}`}>
            <Table.Td>
              {name} · {t(`visibility/effects/${effect}`)}
            </Table.Td>
            <Table.Td ta="right" className="number">
              {number(preview.effects[i]?.people ?? 0)}
            </Table.Td>
            <Table.Td ta="right" className="number">
              {number(preview.effects[i]?.viewers ?? 0)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Seen({ preview, person }: { preview: VisibilityPreview; person: PersonSummary | undefined }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const { people, seenNow, seenThen } = preview;
  if (!person || seenNow === null || seenThen === null) return null;
  return (
    <Text className="quiet-note">
      {t('visibility/seen', {
        name: person.displayName,
        now: number(seenNow),
        later: number(seenThen),
        all: number(people),
      })}
    </Text>
  );
}
