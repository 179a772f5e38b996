import { Stack, Tabs } from '@mantine/core';
import type { Policy } from '#contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DetailDrawer } from '../parts/detail-drawer.js';
import { Facts } from '../parts/facts.js';
import { useFormats } from '../parts/format.js';
import { useAdministrator } from '../session/administrator.js';
import { ChangeForm } from './change-form.js';
import { Effect } from './effect.js';
import { usePolicyWords } from './policy-words.js';
import { Versions } from './versions.js';

export function PolicyDrawer({ policy, close }: { policy: Policy | undefined; close: () => void }) {
  const words = usePolicyWords();
  return (
    <DetailDrawer
      opened={policy !== undefined}
      close={close}
      title={policy ? words.name(policy.name) : ''}
      size={600}
    >
      {policy && <Details key={policy.name} policy={policy} />}
    </DetailDrawer>
  );
}

function Details({ policy }: { policy: Policy }) {
  const { t } = useTranslation();
  const { time, number } = useFormats();
  const { role } = useAdministrator();
  const words = usePolicyWords();
  const mayChange = policy.changedBy.includes(role);
  const [tab, setTab] = useState<string | null>('versions');
  const { latest } = policy;
  return (
    <Stack gap="md" data-testid="policy">
      <Facts
        lines={[
          [t('policies/current'), words.value(policy.name, policy.value)],
          [t('policies/fallback'), words.value(policy.name, policy.fallback)],
          [t('policies/exceptions'), number(policy.exceptions)],
          [t('policies/changedLast'), latest && `${latest.changedBy}, ${time(latest.changedAt)}`],
          [t('policies/approvers'), policy.approvedBy.map((one) => t(`roles/${one}`)).join(' / ')],
        ]}
      />
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="versions">{t('policies/versions')}</Tabs.Tab>
          <Tabs.Tab value="effect">{t('policies/effect')}</Tabs.Tab>
          {mayChange && (
            <Tabs.Tab value="change" data-testid="policy-change">
              {t('policies/change')}
            </Tabs.Tab>
          )}
        </Tabs.List>
        <Tabs.Panel value="versions" pt="md">
          <Versions policy={policy} />
        </Tabs.Panel>
        <Tabs.Panel value="effect" pt="md">
          <Effect policy={policy} />
        </Tabs.Panel>
        <Tabs.Panel value="change" pt="md">
          <ChangeForm policy={policy} done={() => setTab('versions')} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
