import { Text } from '@mantine/core';
import type { DirectoryTestStep } from '#contracts';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Tag, type Tone } from '../parts/tag.js';

const tones: Record<DirectoryTestStep['outcome'], Tone> = {
  right: 'good',
  wrong: 'danger',
  skipped: 'quiet',
};

interface TestStepsProps {
  steps: DirectoryTestStep[];
  /** The settings were changed since. */
  isOutdated?: boolean;
}

/** What a test of a connection found, step by step; comes into sight when it is mounted. */
export function TestSteps({ steps, isOutdated = false }: TestStepsProps) {
  const { t } = useTranslation();
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    section.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const count = steps.filter(({ outcome }) => outcome === 'wrong').length;
  return (
    <section ref={section} data-testid="source-steps" className="test-steps">
      <h3 className="section-title">{t('sources/tryResult')}</h3>
      <Text className={isOutdated || count > 0 ? 'waiting-note' : 'good-note'} role="status">
        {isOutdated
          ? t('sources/tryOutdated')
          : count === 0
            ? t('sources/tryRight')
            : t('sources/tryWrong', { count })}
      </Text>
      {steps.map((step) => (
        <Step key={`${step.step} ${step.host}`} step={step} />
      ))}
    </section>
  );
}

function Step({ step }: { step: DirectoryTestStep }) {
  const { t } = useTranslation();
  return (
    <div className="file" data-testid="source-step" data-outcome={step.outcome}>
      <div className="breaking">
        <Tag tone={tones[step.outcome]}>{t(`sources/outcomes/${step.outcome}`)}</Tag>{' '}
        {t(`sources/steps/${step.step}`)} {step.host && <span className="code">{step.host}</span>}
      </div>
      {step.fault && <Text mt={4}>{t(`sources/faults/${step.fault}`)}</Text>}
      {step.detail && (
        <Text size="xs" c="dimmed" className="code">
          {step.detail}
        </Text>
      )}
      {step.samples.length > 0 && (
        <Text size="xs" c="dimmed" className="breaking" mt={4}>
          {t('sources/samples', { samples: step.samples.join(', ') })}
        </Text>
      )}
    </div>
  );
}
