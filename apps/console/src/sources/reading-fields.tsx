import {
  Button,
  Fieldset,
  Group,
  PasswordInput,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFields, type PartProps } from './form-parts.js';
import { kindDefaults, type SourceDraft } from './source-draft.js';

type Attribute = keyof SourceDraft['attributes'];

/** Who reads the directory. The password can be given, never read. */
export function AccountFields({ hasPassword, ...props }: PartProps & { hasPassword: boolean }) {
  const { t } = useTranslation();
  const { text } = useFields(props);
  return (
    <Fieldset legend={t('sources/form/account')}>
      <Stack gap="md">
        <TextInput
          label={t('sources/form/bindDn')}
          placeholder="cn=reader,dc=example,dc=cn"
          spellCheck={false}
          {...text('bindDn')}
        />
        <PasswordInput
          label={t('sources/form/bindPassword')}
          description={t(hasPassword ? 'sources/form/passwordKept' : 'sources/form/passwordHint')}
          placeholder={hasPassword ? '••••••••' : ''}
          autoComplete="new-password"
          maxLength={1000}
          {...text('bindPassword')}
        />
      </Stack>
    </Fieldset>
  );
}

/** Which entries are people and departments. */
export function WhomFields(props: PartProps) {
  const { t } = useTranslation();
  const { text } = useFields(props);
  const lines = { autosize: true, minRows: 2, maxRows: 8, spellCheck: false, classNames: { input: 'code' } };
  return (
    <Fieldset legend={t('sources/form/whom')}>
      <Stack gap="md">
        <Textarea
          {...lines}
          label={t('sources/peopleBases')}
          description={t('sources/form/peopleBasesHint')}
          placeholder="ou=people,dc=example,dc=cn"
          {...text('peopleBases')}
        />
        <TextInput
          label={t('sources/peopleFilter')}
          spellCheck={false}
          classNames={{ input: 'code' }}
          {...text('peopleFilter')}
        />
        <Textarea
          {...lines}
          minRows={1}
          label={t('sources/peopleGroups')}
          description={t('sources/form/peopleGroupsHint')}
          {...text('peopleGroups')}
        />
        <Textarea
          {...lines}
          label={t('sources/departmentBases')}
          description={t('sources/form/onePerLine')}
          placeholder="ou=people,dc=example,dc=cn"
          {...text('departmentBases')}
        />
        <TextInput
          label={t('sources/departmentsFilter')}
          spellCheck={false}
          classNames={{ input: 'code' }}
          {...text('departmentsFilter')}
        />
      </Stack>
    </Fieldset>
  );
}

export const attributeOrder = [
  'username',
  'displayName',
  'givenName',
  'title',
  'staffNumber',
  'rank',
  'email',
  'phone',
  'mobile',
  'manager',
  'photo',
  'post',
  'departmentName',
  'departmentOrder',
] as const satisfies Attribute[];

const needed: readonly Attribute[] = ['username', 'displayName', 'departmentName'];

/** Which attribute is read for what. */
export function AttributeFields({ draft, faults, change }: PartProps) {
  const { t } = useTranslation();
  const { fault } = useFields({ draft, faults, change });
  const defaults = kindDefaults[draft.kind].attributes;
  const isDefault = attributeOrder.every((name) => draft.attributes[name] === defaults[name]);
  return (
    <Fieldset legend={t('sources/form/attributes')}>
      <Stack gap="md">
        <Text size="xs" c="dimmed">
          {t('sources/form/attributesHint')}
        </Text>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="sm">
          {attributeOrder.map((name) => (
            <TextInput
              key={name}
              label={t(`sources/form/attributeNames/${name}`)}
              withAsterisk={needed.includes(name)}
              placeholder={defaults[name]}
              spellCheck={false}
              value={draft.attributes[name]}
              error={fault(`attributes.${name}`)}
              onChange={({ currentTarget }) =>
                change({ attributes: { ...draft.attributes, [name]: currentTarget.value } })
              }
              data-testid={`source-attribute-${name}`}
            />
          ))}
        </SimpleGrid>
        <Group justify="flex-end">
          <Button
            size="compact-sm"
            variant="default"
            disabled={isDefault}
            onClick={() => change({ attributes: defaults })}
          >
            {t('sources/form/toDefaults', { kind: t(`sources/kinds/${draft.kind}`) })}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}
