import { Button, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import type { DirectorySource } from '#contracts';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { FaultNote } from '../parts/states.js';
import { useFields } from './form-parts.js';
import { FurtherFields } from './further-fields.js';
import { AccountFields, AttributeFields, WhomFields } from './reading-fields.js';
import { ServerFields } from './server-fields.js';
import { blankDraft, draftOf, withKind, type SourceDraft } from './source-draft.js';
import { faultsOf, faultsOfError, type SourceFaults } from './source-faults.js';
import { TestSteps } from './test-steps.js';
import { useSaveSource, useTestSource } from './use-source.js';

const kinds = ['openldap', 'active-directory'] as const;

export interface SourceFormProps {
  /** What is edited; absent: a new one. */
  source?: DirectorySource | undefined;
  close: () => void;
  saved: (sourceId: string) => void;
}

/** How a directory is reached and read. */
export function SourceForm({ source, close, saved }: SourceFormProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<SourceDraft>(() => (source ? draftOf(source) : blankDraft()));
  const [wanted, setWanted] = useState<'nothing' | 'test' | 'save'>('nothing');
  const form = useRef<HTMLFormElement>(null);
  const save = useSaveSource(draft, source, saved);
  const test = useTestSource(source);
  const needs = { name: wanted === 'save' && !source, password: wanted !== 'nothing' && !source };
  const own = wanted === 'nothing' ? {} : faultsOf(draft, needs);
  const told = [save, test].map((call) => toldOf(call, draft)).find((faults) => faults !== undefined);
  const faults: SourceFaults = { ...told, ...own };
  const hasFaults = Object.keys(faults).length > 0;
  useToFirstFault(form, save.isPending || test.isPending ? undefined : told);

  const attempt = (what: 'test' | 'save') => {
    setWanted(what);
    const found = faultsOf(draft, { name: what === 'save' && !source, password: !source });
    if (Object.keys(found).length > 0) requestAnimationFrame(() => toFirstFault(form.current));
    else if (what === 'save') save.mutate(draft);
    else test.mutate(draft);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!save.isPending) attempt('save');
  };
  const change = (part: Partial<SourceDraft>) => setDraft((before) => ({ ...before, ...part }));
  const parts = { draft, faults, change };
  return (
    <form onSubmit={submit} noValidate ref={form} data-testid="source-form">
      <Stack gap="md">
        <Heading {...parts} isNew={!source} setDraft={setDraft} />
        <ServerFields {...parts} />
        <AccountFields {...parts} hasPassword={source?.hasPassword === true} />
        <WhomFields {...parts} />
        <AttributeFields {...parts} />
        <FurtherFields {...parts} />
        {test.data && (
          <TestSteps key={test.submittedAt} steps={test.data.steps} isOutdated={test.variables !== draft} />
        )}
        <div className="form-foot">
          {hasFaults ? (
            <Text c="var(--danger)" role="alert">
              {t('sources/form/faults/some')}
            </Text>
          ) : (
            <FaultNote error={save.error ?? test.error} />
          )}
          <Group justify="space-between">
            <Button
              variant="default"
              loading={test.isPending}
              onClick={() => attempt('test')}
              data-testid="source-form-try"
            >
              {t('sources/try')}
            </Button>
            <Group gap="sm">
              <Button variant="default" onClick={close}>
                {t('common/cancel')}
              </Button>
              <Button type="submit" loading={save.isPending} data-testid="source-save">
                {t(source ? 'sources/form/save' : 'sources/form/addSave')}
              </Button>
            </Group>
          </Group>
        </div>
      </Stack>
    </form>
  );
}

interface HeadingProps {
  draft: SourceDraft;
  faults: SourceFaults;
  change: (part: Partial<SourceDraft>) => void;
  isNew: boolean;
  setDraft: (draft: SourceDraft) => void;
}

function Heading({ isNew, setDraft, ...parts }: HeadingProps) {
  const { t } = useTranslation();
  const { text } = useFields(parts);
  const { draft } = parts;
  return (
    <>
      {isNew && (
        <TextInput
          label={t('sources/name')}
          description={t('sources/form/nameHint')}
          maxLength={100}
          data-autofocus
          {...text('name')}
        />
      )}
      <SegmentedControl
        fullWidth
        aria-label={t('sources/kind')}
        data={kinds.map((value) => ({ value, label: t(`sources/kinds/${value}`) }))}
        value={draft.kind}
        onChange={(value) => setDraft(withKind(draft, value as SourceDraft['kind']))}
        data-testid="source-kind"
      />
    </>
  );
}

interface Attempt {
  error: unknown;
  variables: SourceDraft | undefined;
}

/** What the service said of exactly what stands in the form now. */
function toldOf({ error, variables }: Attempt, draft: SourceDraft): SourceFaults | undefined {
  return error && variables === draft ? faultsOfError(error, draft) : undefined;
}

function toFirstFault(form: HTMLFormElement | null): void {
  form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}

/** The focus goes where the service found something wrong, once for each answer. */
function useToFirstFault(form: { current: HTMLFormElement | null }, faults: SourceFaults | undefined): void {
  const key = faults && JSON.stringify(faults);
  useEffect(() => {
    if (key !== undefined) toFirstFault(form.current);
  }, [form, key]);
}
