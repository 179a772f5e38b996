import { Button, Checkbox, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { withheldFields, type VisibilityRule } from '#contracts';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { DetailDrawer } from '../parts/detail-drawer.js';
import { ScopeFields } from './scope-fields.js';

interface RuleDrawerProps {
  rule: VisibilityRule | undefined;
  isNew: boolean;
  close: () => void;
  keep: (rule: VisibilityRule) => void;
  remove: () => void;
}

/** One rule. What is kept here holds only once all rules are saved. */
export function RuleDrawer({ rule, isNew, ...acts }: RuleDrawerProps) {
  const { t } = useTranslation();
  const title = t(isNew ? 'visibility/newRule' : 'visibility/editRule');
  return (
    <DetailDrawer opened={rule !== undefined} close={acts.close} title={title} size={620}>
      {rule && <RuleForm first={rule} isNew={isNew} {...acts} />}
    </DetailDrawer>
  );
}

const effects = ['hide', 'withhold', 'protect'] as const;

function RuleForm({
  first,
  isNew,
  close,
  keep,
  remove,
}: Omit<RuleDrawerProps, 'rule'> & { first: VisibilityRule }) {
  const { t } = useTranslation();
  const [rule, setRule] = useState(first);
  const [wasTried, setTried] = useState(false);
  const change = (part: Partial<VisibilityRule>) => setRule((before) => ({ ...before, ...part }));
  const isNamed = rule.name.trim() !== '';
  const isWhole = rule.effect !== 'withhold' || rule.fields.length > 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isNamed && isWhole) keep({ ...rule, name: rule.name.trim() });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <TextInput
          label={t('visibility/name')}
          maxLength={80}
          value={rule.name}
          error={wasTried && !isNamed && t('visibility/nameRequired')}
          onChange={({ currentTarget }) => change({ name: currentTarget.value })}
          data-testid="rule-name"
        />
        <div>
          <SegmentedControl
            fullWidth
            data={effects.map((value) => ({ value, label: t(`visibility/effects/${value}`) }))}
            value={rule.effect}
            onChange={(value) => change({ effect: value as VisibilityRule['effect'] })}
          />
          <Text size="xs" c="dimmed" mt={6}>
            {t(`visibility/effectHints/${rule.effect}`)}
          </Text>
        </div>
        {rule.effect === 'withhold' && (
          <Checkbox.Group
            label={t('visibility/fields')}
            value={rule.fields}
            error={wasTried && !isWhole && t('visibility/fieldsRequired')}
            onChange={(fields) => change({ fields: fields as VisibilityRule['fields'] })}
          >
            <Group mt={6}>
              {withheldFields.map((field) => (
                <Checkbox key={field} value={field} label={t(`visibility/fieldNames/${field}`)} />
              ))}
            </Group>
          </Checkbox.Group>
        )}
        <ScopeFields legend={t('visibility/of')} scope={rule.of} change={(of) => change({ of })} />
        <ScopeFields
          legend={t('visibility/notOf')}
          scope={rule.notOf}
          change={(notOf) => change({ notOf })}
          isException
        />
        <ScopeFields legend={t('visibility/from')} scope={rule.from} change={(from) => change({ from })} />
        <ScopeFields
          legend={t('visibility/notFrom')}
          scope={rule.notFrom}
          change={(notFrom) => change({ notFrom })}
          isException
        />
        <Checkbox
          label={t('visibility/exceptColleagues')}
          checked={rule.exceptColleagues}
          onChange={({ currentTarget }) => change({ exceptColleagues: currentTarget.checked })}
        />
        <Group justify="space-between">
          <Button
            variant="subtle"
            color="red"
            onClick={remove}
            style={{ visibility: isNew ? 'hidden' : 'visible' }}
          >
            {t('visibility/removeRule')}
          </Button>
          <Group>
            <Button variant="default" onClick={close}>
              {t('common/cancel')}
            </Button>
            <Button type="submit" data-testid="keep-rule">
              {t('visibility/keep')}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
