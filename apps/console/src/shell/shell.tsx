import { ActionIcon, Burger, Drawer, Skeleton, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Compass } from 'lucide-react';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Redirect, Route, Switch, useLocation } from 'wouter';
import mark from '../mark.svg';
import { EmptyState } from '../parts/states.js';
import { useAnswer } from '../service.js';
import { useAdministrator } from '../session/administrator.js';
import { AccountMenu } from './account-menu.js';
import { places, type Place } from './navigation.js';

/** The frame of every page: where one is, where one can go, who one is. */
export function Shell() {
  const { role } = useAdministrator();
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure(false);
  const here = places[role];
  return (
    <div className="frame">
      <Side places={here} />
      <div className="top-bar">
        <Burger
          opened={opened}
          onClick={open}
          size="sm"
          aria-label={t('menu/navigation')}
          data-testid="menu"
        />
        {t('product')}
      </div>
      <Drawer
        opened={opened}
        onClose={close}
        size={260}
        withCloseButton={false}
        padding={0}
        className="side-drawer"
        transitionProps={{ duration: 120 }}
        overlayProps={{ backgroundOpacity: 0.3 }}
      >
        <Side places={here} went={close} />
      </Drawer>
      <main className="main">
        <Suspense fallback={<PageBones />}>
          <Switch>
            <Route path="/">
              <Redirect to={`/${here[0].id}`} replace />
            </Route>
            {here.map(({ id, page }) => (
              <Route key={id} path={`/${id}`} component={page} />
            ))}
            <Route>
              <EmptyState
                icon={Compass}
                title={t('common/notFound')}
                hint={t('common/notFoundHint')}
                action={<Link href="/">{t('common/back')}</Link>}
              />
            </Route>
          </Switch>
        </Suspense>
      </main>
    </div>
  );
}

function Side({ places, went }: { places: Place[]; went?: () => void }) {
  const { t } = useTranslation();
  return (
    <aside className="side">
      <div className="side-head">
        <ActionIcon component="span" variant="transparent" size={28}>
          <img src={mark} width={28} height={28} alt="" />
        </ActionIcon>
        {t('product')}
      </div>
      <nav aria-label={t('menu/navigation')}>
        {places.map((place) => (
          <PlaceLink key={place.id} place={place} went={went} />
        ))}
      </nav>
      <AccountMenu />
    </aside>
  );
}

function PlaceLink({ place: { id, icon: Icon }, went }: { place: Place; went?: () => void }) {
  const { t } = useTranslation();
  const [location] = useLocation();
  return (
    <Link
      href={`/${id}`}
      className="nav-link"
      aria-current={location === `/${id}` ? 'page' : undefined}
      onClick={went}
      data-testid={`nav-${id}`}
    >
      <Icon size={18} aria-hidden />
      {t(`nav/${id}`)}
      {id === 'approvals' && <Waiting />}
    </Link>
  );
}

const waitingShown = 50;

/** How many requests wait for a decision. */
function Waiting() {
  const { data } = useAnswer(
    'approvals',
    { query: { state: 'asked', limit: waitingShown } },
    { every: () => 30_000 },
  );
  const count = data?.items.length ?? 0;
  if (count === 0) return null;
  return <span className="nav-count">{data?.nextCursor ? `${waitingShown}+` : count}</span>;
}

function PageBones() {
  return (
    <Stack>
      <Skeleton height={24} width={180} />
      <Skeleton height={14} width="60%" />
      <Skeleton height={320} />
    </Stack>
  );
}
