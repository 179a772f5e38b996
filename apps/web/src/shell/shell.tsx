import { lazy, Suspense, useEffect, useState } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import type { Me } from '#contracts';
import { openBook } from '../conversations/book.js';
import { ConversationList } from '../conversations/conversation-list.js';
import { NewConversation } from '../conversations/new-conversation.js';
import { ConversationPage } from '../messages/conversation-page.js';
import { ImageViewer } from '../messages/image-viewer.js';
import { NothingChosen } from '../messages/nothing-chosen.js';
import { recallPeople } from '../people/people.js';
import { KeysHelp } from './keys-help.js';
import { MeContext } from './me.js';
import { OfflineStrip } from './offline-strip.js';
import { Rail } from './rail.js';
import { Switcher } from './switcher.js';
import { useShortcuts } from './use-shortcuts.js';
import { useTitle } from './use-title.js';
import classes from './shell.module.css';

const ContactsPage = lazy(async () => ({
  default: (await import('../contacts/contacts-page.js')).ContactsPage,
}));
const SettingsPage = lazy(async () => ({
  default: (await import('../settings/settings-page.js')).SettingsPage,
}));

type Dialog = 'new' | 'switcher' | 'keys';

/** The whole client of an employee: rail, list, and what was chosen. */
export function Shell({ me }: { me: Me }) {
  const [dialog, setDialog] = useState<Dialog>();
  const [location] = useLocation();
  useEffect(() => {
    void recallPeople();
    return openBook(me.id);
  }, [me.id]);
  useShortcuts({ onSwitcher: () => setDialog('switcher'), onKeys: () => setDialog('keys') });
  useTitle();
  const close = () => setDialog(undefined);
  const isDeep = /^\/(c|p|d)\//.test(location);
  return (
    <MeContext value={me}>
      <div className={classes['shell']} data-deep={isDeep || undefined}>
        <Rail onSwitcher={() => setDialog('switcher')} />
        <div className={classes['main']}>
          <OfflineStrip />
          <div className={classes['pages']}>
            <Suspense>
              <Switch>
                <Route path="/contacts" component={ContactsPage} />
                <Route path="/d/:departmentId" component={ContactsPage} />
                <Route path="/p/:personId" component={ContactsPage} />
                <Route path="/settings" component={SettingsPage} />
                <Route>
                  <ConversationList onNew={() => setDialog('new')} />
                  <Switch>
                    <Route path="/c/:conversationId/:seq?">
                      {({ conversationId, seq }) => (
                        <ConversationPage
                          key={`${conversationId} ${seq ?? ''}`}
                          conversationId={conversationId}
                          seq={seq === undefined ? undefined : Number(seq)}
                        />
                      )}
                    </Route>
                    <Route component={NothingChosen} />
                  </Switch>
                </Route>
              </Switch>
            </Suspense>
          </div>
        </div>
      </div>
      <NewConversation opened={dialog === 'new'} onClose={close} />
      <Switcher opened={dialog === 'switcher'} onClose={close} />
      <ImageViewer />
      <KeysHelp opened={dialog === 'keys'} onClose={close} />
    </MeContext>
  );
}
