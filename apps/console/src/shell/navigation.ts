import type { AdministratorRole } from '#contracts';
import {
  Building2,
  Eye,
  FileArchive,
  Fingerprint,
  LayoutDashboard,
  Network,
  RefreshCw,
  ScrollText,
  ShieldAlert,
  SlidersHorizontal,
  Stamp,
  Users,
  type LucideIcon,
} from 'lucide-react';
import { lazy, type ComponentType } from 'react';

export interface Place {
  id:
    | 'overview'
    | 'people'
    | 'departments'
    | 'sync'
    | 'sources'
    | 'providers'
    | 'approvals'
    | 'policies'
    | 'visibility'
    | 'quarantine'
    | 'exports'
    | 'trail';
  icon: LucideIcon;
  page: ComponentType;
}

const overview: Place = {
  id: 'overview',
  icon: LayoutDashboard,
  page: lazy(() => import('../overview/overview-page.js')),
};
const people: Place = { id: 'people', icon: Users, page: lazy(() => import('../people/people-page.js')) };
const departments: Place = {
  id: 'departments',
  icon: Building2,
  page: lazy(() => import('../departments/departments-page.js')),
};
const sync: Place = { id: 'sync', icon: RefreshCw, page: lazy(() => import('../sync/sync-page.js')) };
const sources: Place = {
  id: 'sources',
  icon: Network,
  page: lazy(() => import('../sources/sources-page.js')),
};
const providers: Place = {
  id: 'providers',
  icon: Fingerprint,
  page: lazy(() => import('../providers/providers-page.js')),
};
const approvals: Place = {
  id: 'approvals',
  icon: Stamp,
  page: lazy(() => import('../approvals/approvals-page.js')),
};
const policies: Place = {
  id: 'policies',
  icon: SlidersHorizontal,
  page: lazy(() => import('../policies/policies-page.js')),
};
const visibility: Place = {
  id: 'visibility',
  icon: Eye,
  page: lazy(() => import('../visibility/visibility-page.js')),
};
const exports: Place = {
  id: 'exports',
  icon: FileArchive,
  page: lazy(() => import('../exports/exports-page.js')),
};
const quarantine: Place = {
  id: 'quarantine',
  icon: ShieldAlert,
  page: lazy(() => import('../quarantine/quarantine-page.js')),
};
const trail: Place = { id: 'trail', icon: ScrollText, page: lazy(() => import('../trail/trail-page.js')) };

/** The pages of each role, the first one first; nobody is shown what their role may not ask for. */
export const places: Record<AdministratorRole, [Place, ...Place[]]> = {
  'system-admin': [overview, people, departments, sync, sources, providers, approvals],
  'security-admin': [approvals, policies, providers, visibility, exports, quarantine],
  'audit-admin': [exports, approvals, trail],
};
