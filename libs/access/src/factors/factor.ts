import type { Factor } from '#contracts';
import type { FactorRow } from './factor.entity.js';

export const presentFactor = ({ id, kind, name, createdAt, usedAt }: FactorRow): Factor => ({
  id,
  kind,
  name,
  createdAt: createdAt.toISOString(),
  usedAt: usedAt?.toISOString() ?? null,
});
