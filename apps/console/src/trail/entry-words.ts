import type { AuditEntry } from '#contracts';
import { useTranslation } from 'react-i18next';
import { zhCN } from '../words/zh-CN.js';

type KnownAction = keyof typeof zhCN.trail.actions;
type KnownObject = keyof typeof zhCN.trail.objects;
type KnownDetail = keyof typeof zhCN.trail.detailNames;
type KnownPlatform = keyof typeof zhCN.trail.platforms;
type KnownRole = keyof typeof zhCN.roles;

const isAction = (action: string): action is KnownAction => action in zhCN.trail.actions;
const isObject = (kind: string): kind is KnownObject => kind in zhCN.trail.objects;
const isDetail = (name: string): name is KnownDetail => name in zhCN.trail.detailNames;
const isPlatform = (name: unknown): name is KnownPlatform =>
  typeof name === 'string' && name in zhCN.trail.platforms;
const isEndReason = (value: unknown): value is keyof typeof zhCN.trail.endReasons =>
  typeof value === 'string' && value in zhCN.trail.endReasons;
const isRole = (role: string): role is KnownRole => role in zhCN.roles;

/** The trail's own words in the reader's language. What this build does not know is shown as it stands. */
export function useEntryWords() {
  const { t } = useTranslation();
  const platform = (value: unknown): string =>
    isPlatform(value) ? t(`trail/platforms/${value}`) : show(value);
  const reason = (value: unknown): string =>
    isEndReason(value) ? t(`trail/endReasons/${value}`) : show(value);
  return {
    action: (action: string): string => (isAction(action) ? t(`trail/actions/${action}`) : action),
    object: (kind: string): string => (isObject(kind) ? t(`trail/objects/${kind}`) : kind),
    detail: (name: string, value: unknown): [name: string, value: string] => [
      isDetail(name) ? t(`trail/detailNames/${name}`) : name,
      name === 'platform' ? platform(value) : name === 'reason' ? reason(value) : show(value),
    ],
    platform,
    role: (role: string): string => (isRole(role) ? t(`roles/${role}`) : role),
    actor: ({ actorName, actorKind }: AuditEntry): string => actorName ?? t(`trail/actorKinds/${actorKind}`),
  };
}

/** Details are data of many kinds; texts and numbers read best bare. */
function show(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(show).join('\n');
  return JSON.stringify(value);
}
