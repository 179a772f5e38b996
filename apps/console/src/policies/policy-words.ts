import type { Policy, PolicyScope } from '#contracts';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../parts/format.js';

/** What a field of a policy accepts, as far as the form knows it. */
export interface Field {
  name: string;
  type: 'number' | 'boolean' | 'choice' | 'choices' | 'text';
  whole: boolean;
  least?: number;
  most?: number;
  choices: string[];
  about: string;
}

interface FieldSchema {
  type?: string;
  enum?: string[];
  items?: { enum?: string[] };
  minimum?: number;
  maximum?: number;
  description?: string;
}

/** The fields of a policy, from its JSON Schema. */
export function fieldsOf({ schema }: Policy): Field[] {
  const properties = (schema['properties'] ?? {}) as Record<string, FieldSchema>;
  return Object.entries(properties).map(([name, field]) => ({
    name,
    type: typeOf(field),
    whole: field.type === 'integer',
    ...(field.minimum !== undefined && { least: field.minimum }),
    ...(field.maximum !== undefined && { most: field.maximum }),
    choices: field.enum ?? field.items?.enum ?? [],
    about: field.description ?? name,
  }));
}

function typeOf({ type, enum: choices, items }: FieldSchema): Field['type'] {
  if (choices) return 'choice';
  if (type === 'array' && items?.enum) return 'choices';
  if (type === 'integer' || type === 'number') return 'number';
  return type === 'boolean' ? 'boolean' : 'text';
}

type WordsOf = Record<string, string>;

/** What policies, their fields and values are called; one without words yet keeps its own name. */
export function usePolicyWords() {
  const { t } = useTranslation();
  const { number, size } = useFormats();
  const names = t('policies/names', { returnObjects: true }) as WordsOf;
  const fields = t('policies/fields', { returnObjects: true }) as WordsOf;
  const roles = t('roles', { returnObjects: true }) as WordsOf;
  const choices = { ...roles, ...(t('policies/choices', { returnObjects: true }) as WordsOf) };
  const one = (field: string, value: unknown): string => {
    if (typeof value === 'boolean') return t(value ? 'policies/yes' : 'policies/no');
    if (typeof value === 'number') return field.endsWith('Bytes') ? size(value) : number(value);
    if (Array.isArray(value))
      return value.map((item) => choices[String(item)] ?? String(item)).join(', ') || '–';
    return choices[String(value as string)] ?? String(value as string);
  };
  const field = (policy: string, name: string) => fields[`${policy}.${name}`] ?? name;
  return {
    name: (policy: string) => names[policy] ?? policy,
    field,
    choice: (value: string) => choices[value] ?? value,
    scope: ({ kind }: PolicyScope, name: string | null) =>
      name === null ? t('policies/scopes/installation') : `${t(`policies/scopes/${kind}`)} · ${name}`,
    value: (policy: string, value: Record<string, unknown> | null) =>
      value === null
        ? t('policies/nothing')
        : Object.entries(value)
            .map(([name, part]) => `${field(policy, name)}: ${one(name, part)}`)
            .join(' · '),
  };
}
