import type { SyncRun } from '#contracts';
import { useTranslation } from 'react-i18next';
import { Facts } from '../parts/facts.js';
import { useFormats } from '../parts/format.js';
import { Tag, type Tone } from '../parts/tag.js';

const tones: Record<SyncRun['state'], Tone> = {
  running: 'waiting',
  waiting: 'waiting',
  applying: 'waiting',
  done: 'good',
  failed: 'danger',
  refused: 'danger',
  superseded: 'quiet',
};

export function RunState({ run }: { run: SyncRun }) {
  const { t } = useTranslation();
  return <Tag tone={tones[run.state]}>{t(`sync/states/${run.state}`)}</Tag>;
}

/** What a run found and changed. */
export function RunFacts({ run }: { run: SyncRun }) {
  const { t } = useTranslation();
  const { time, duration, number } = useFormats();
  const { counts } = run;
  const change = (added: number, changed: number, removed: number) =>
    added + changed + removed === 0
      ? t('sync/noChange')
      : t('sync/change', { added: number(added), changed: number(changed), removed: number(removed) });
  return (
    <Facts
      lines={[
        [t('sync/state'), <RunState key="state" run={run} />],
        [t('sync/kind'), t(`sync/kinds/${run.kind}`)],
        [t('sync/begin'), time(run.startedAt)],
        [t('sync/duration'), run.finishedAt && duration(run.startedAt, run.finishedAt)],
        [t('sync/source'), run.source],
        [t('sync/failure'), run.failure],
        [t('sync/counts/peopleRead'), number(counts.peopleRead)],
        [t('sync/people'), change(counts.peopleAdded, counts.peopleChanged, counts.peopleDisabled)],
        [t('sync/counts/departmentsRead'), number(counts.departmentsRead)],
        [
          t('sync/departments'),
          change(counts.departmentsAdded, counts.departmentsChanged, counts.departmentsRemoved),
        ],
        [t('sync/skipped'), run.skippedCount > 0 && number(run.skippedCount)],
        [t('sync/problems'), run.problemCount === 0 ? t('sync/noProblems') : number(run.problemCount)],
      ]}
    />
  );
}
