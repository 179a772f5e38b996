import { Fieldset, Input, NumberInput, SegmentedControl, Stack, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFields, type PartProps } from './form-parts.js';
import type { SourceDraft } from './source-draft.js';

const looks = ['set', 'every', 'never'] as const;

/** What most directories leave as it is. */
export function FurtherFields({ draft, faults, change }: PartProps) {
  const { t } = useTranslation();
  const { fault, text } = useFields({ draft, faults, change });
  return (
    <Fieldset legend={t('sources/form/further')}>
      <Stack gap="md">
        <Input.Wrapper label={t('sources/form/look')} description={t('sources/form/lookHint')}>
          <SegmentedControl
            fullWidth
            aria-label={t('sources/form/look')}
            data={looks.map((value) => ({ value, label: t(`sources/form/looks/${value}`) }))}
            value={draft.look}
            onChange={(value) => change({ look: value as SourceDraft['look'] })}
          />
        </Input.Wrapper>
        {draft.look === 'every' && (
          <NumberInput
            label={t('sources/form/lookSeconds')}
            value={draft.lookSeconds}
            error={fault('lookSeconds')}
            min={1}
            max={3600}
            allowDecimal={false}
            onChange={(value) => change({ lookSeconds: typeof value === 'number' ? value : '' })}
            data-testid="source-lookSeconds"
          />
        )}
        <NumberInput
          label={t('sources/form/precedence')}
          description={t('sources/form/precedenceHint')}
          value={draft.precedence}
          error={fault('precedence')}
          min={0}
          max={1000}
          allowDecimal={false}
          onChange={(value) => change({ precedence: typeof value === 'number' ? value : '' })}
          data-testid="source-precedence"
        />
        <Textarea
          label={t('sources/form/protectedUsernames')}
          description={t('sources/form/protectedHint')}
          autosize
          minRows={2}
          maxRows={8}
          spellCheck={false}
          {...text('protectedUsernames')}
        />
      </Stack>
    </Fieldset>
  );
}
