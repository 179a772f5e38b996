import { MultiSelect, NumberInput, Select, Stack, Switch, TextInput } from '@mantine/core';
import type { Policy } from '#contracts';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../parts/format.js';
import { fieldsOf, usePolicyWords, type Field } from './policy-words.js';

type Value = Record<string, unknown>;

interface ValueFormProps {
  policy: Policy;
  value: Value;
  change: (value: Value) => void;
}

/** The fields of a policy as its schema describes them. */
export function ValueForm({ policy, value, change }: ValueFormProps) {
  return (
    <Stack gap="sm">
      {fieldsOf(policy).map((field) => (
        <FieldInput
          key={field.name}
          policy={policy}
          field={field}
          value={value[field.name]}
          change={(part) => change({ ...value, [field.name]: part })}
        />
      ))}
    </Stack>
  );
}

interface FieldInputProps {
  policy: Policy;
  field: Field;
  value: unknown;
  change: (value: unknown) => void;
}

function FieldInput({ policy, field, value, change }: FieldInputProps) {
  const { t } = useTranslation();
  const { size } = useFormats();
  const words = usePolicyWords();
  const common = { label: words.field(policy.name, field.name), 'data-testid': `field-${field.name}` };
  const choices = field.choices.map((choice) => ({ value: choice, label: words.choice(choice) }));
  switch (field.type) {
    case 'number':
      return (
        <NumberInput
          {...common}
          value={value as number}
          min={field.least}
          max={field.most}
          {...(field.name.endsWith('Bytes') && {
            description: t('policies/bytes', { size: size(Number(value ?? 0)) }),
          })}
          allowDecimal={!field.whole}
          thousandSeparator=" "
          onChange={(next) => change(next === '' ? undefined : Number(next))}
        />
      );
    case 'boolean':
      return (
        <Switch
          {...common}
          checked={value === true}
          onChange={({ currentTarget }) => change(currentTarget.checked)}
        />
      );
    case 'choice':
      return (
        <Select {...common} data={choices} value={value as string} onChange={change} allowDeselect={false} />
      );
    case 'choices':
      return <MultiSelect {...common} data={choices} value={value as string[]} onChange={change} />;
    case 'text':
      break;
  }
  return (
    <TextInput
      {...common}
      value={value as string}
      onChange={({ currentTarget }) => change(currentTarget.value)}
    />
  );
}
