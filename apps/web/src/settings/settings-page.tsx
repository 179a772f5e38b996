import { Button, SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { LogOut } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Confirm, type Question } from '../parts/confirm.js';
import { PersonRow } from '../people/person-row.js';
import { usePerson } from '../people/people.js';
import { useWaiting } from '../messages/use-outbox.js';
import { signOut } from '../session/session.js';
import { useMe } from '../shell/me.js';
import { useWords } from '../words/index.js';
import classes from './settings-page.module.css';
import { Devices } from './devices.js';
import { SecondFactors } from './second-factors.js';
import { changeSettings, useSettings, type Settings } from './settings.js';

export function SettingsPage() {
  const { t } = useWords();
  const { language, sendKey, density } = useSettings();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <main className={classes['page']}>
      <div className={classes['body']}>
        <h1>{t('settings.title')}</h1>
        <Setting label={t('settings.language')}>
          <Choice<Settings['language']>
            label={t('settings.language')}
            value={language}
            onChange={(value) => changeSettings({ language: value })}
            choices={[
              ['auto', t('settings.languageAuto')],
              ['zh-CN', '中文'],
              ['en', 'English'],
            ]}
          />
        </Setting>
        <Setting label={t('settings.scheme')}>
          <Choice<typeof colorScheme>
            label={t('settings.scheme')}
            value={colorScheme}
            onChange={setColorScheme}
            choices={[
              ['light', t('settings.light')],
              ['dark', t('settings.dark')],
              ['auto', t('settings.system')],
            ]}
          />
        </Setting>
        <Setting label={t('settings.sendKey')}>
          <Choice<Settings['sendKey']>
            label={t('settings.sendKey')}
            value={sendKey}
            onChange={(value) => changeSettings({ sendKey: value })}
            choices={[
              ['enter', t('settings.sendEnter')],
              ['ctrl-enter', t('settings.sendCtrl')],
            ]}
          />
        </Setting>
        <Setting label={t('settings.density')}>
          <Choice<Settings['density']>
            label={t('settings.density')}
            value={density}
            onChange={(value) => changeSettings({ density: value })}
            choices={[
              ['comfortable', t('settings.comfortable')],
              ['compact', t('settings.compact')],
            ]}
          />
        </Setting>
        <Account />
        <SecondFactors />
        <Devices />
        <p className={classes['version']}>
          {t('app.name')} · {t('settings.version', { version: __VERSION__ })}
        </p>
      </div>
    </main>
  );
}

function Account() {
  const { t } = useWords();
  const me = useMe();
  const person = usePerson(me.id);
  const waiting = useWaiting();
  const [question, setQuestion] = useState<Question>();
  const ask = () =>
    setQuestion({
      title: t('settings.signOut'),
      text: waiting > 0 ? t('settings.signOutAsk', { count: waiting }) : t('settings.signOutPlain'),
      act: signOut,
      isDangerous: waiting > 0,
    });
  return (
    <>
      <h2>{t('settings.account')}</h2>
      <div className={classes['account']}>
        {person ? <PersonRow person={person} /> : <span>{me.displayName}</span>}
        <Button
          variant="default"
          leftSection={<LogOut size={16} aria-hidden />}
          onClick={ask}
          data-testid="sign-out"
        >
          {t('settings.signOut')}
        </Button>
      </div>
      <Confirm question={question} onClose={() => setQuestion(undefined)} />
    </>
  );
}

function Setting({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={classes['setting']}>
      <span>{label}</span>
      {children}
    </div>
  );
}

interface ChoiceProps<V extends string> {
  label: string;
  value: V;
  onChange: (value: V) => void;
  choices: [V, string][];
}

function Choice<V extends string>({ label, value, onChange, choices }: ChoiceProps<V>) {
  return (
    <SegmentedControl
      aria-label={label}
      value={value}
      onChange={(next) => onChange(next as V)}
      data={choices.map(([choice, text]) => ({ value: choice, label: text }))}
    />
  );
}
