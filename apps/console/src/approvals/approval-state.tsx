import type { Approval } from '#contracts';
import { useTranslation } from 'react-i18next';
import { Tag, type Tone } from '../parts/tag.js';

const tones: Record<Approval['state'], Tone> = {
  asked: 'waiting',
  approved: 'good',
  refused: 'danger',
  expired: 'quiet',
  used: 'good',
};

export function ApprovalState({ state }: { state: Approval['state'] }) {
  const { t } = useTranslation();
  return <Tag tone={tones[state]}>{t(`approvals/states/${state}`)}</Tag>;
}
