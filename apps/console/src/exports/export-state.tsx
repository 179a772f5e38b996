import type { Export } from '#contracts';
import { useTranslation } from 'react-i18next';
import { Tag, type Tone } from '../parts/tag.js';

const tones: Record<Export['state'], Tone> = {
  asked: 'waiting',
  refused: 'danger',
  expired: 'quiet',
  queued: 'accent',
  running: 'accent',
  done: 'good',
  failed: 'danger',
};

export function ExportState({ state }: { state: Export['state'] }) {
  const { t } = useTranslation();
  return <Tag tone={tones[state]}>{t(`exports/states/${state}`)}</Tag>;
}

/** It changes by itself, without anybody deciding anything. */
export const isUnderWay = ({ state }: Export): boolean => state === 'queued' || state === 'running';
