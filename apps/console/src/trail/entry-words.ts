import type { AuditEntry } from '#contracts';
import { useTranslation } from 'react-i18next';
import { zhCN } from '../words/zh-CN.js';

type KnownAction = keyof typeof zhCN.trail.actions;
type KnownObject = keyof typeof zhCN.trail.objects;
type KnownRole = keyof typeof zhCN.roles;

const isAction = (action: string): action is KnownAction => action in zhCN.trail.actions;
const isObject = (kind: string): kind is KnownObject => kind in zhCN.trail.objects;
const isRole = (role: string): role is KnownRole => role in zhCN.roles;

/** The trail's own words in the reader's language. What this build does not know is shown as it stands. */
export function useEntryWords() {
  const { t } = useTranslation();
  return {
    action: (action: string): string => (isAction(action) ? t(`trail/actions/${action}`) : action),
    object: (kind: string): string => (isObject(kind) ? t(`trail/objects/${kind}`) : kind),
    role: (role: string): string => (isRole(role) ? t(`roles/${role}`) : role),
    actor: ({ actorName, actorKind }: AuditEntry): string => actorName ?? t(`trail/actorKinds/${actorKind}`),
  };
}
