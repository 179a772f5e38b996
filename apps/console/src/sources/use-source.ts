import { newId, type DirectorySource, type DirectorySourceSettings } from '#contracts';
import { useMutation } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { announce } from '../parts/notices.js';
import { http, refresh } from '../service.js';
import { settingsOf, type SourceDraft } from './source-draft.js';

/** The form has looked at it before, so it has the form of settings. */
const bodyOf = (draft: SourceDraft) => ({
  settings: settingsOf(draft) as DirectorySourceSettings,
  ...(draft.bindPassword !== '' && { bindPassword: draft.bindPassword }),
});

export function useSaveSource(
  draft: SourceDraft,
  source: DirectorySource | undefined,
  saved: (sourceId: string) => void,
) {
  const { t } = useTranslation();
  // One id for what stands in the form: a repeat after a lost answer adds nothing twice.
  const clientId = useMemo(() => ({ draft, id: newId() }), [draft]).id;
  return useMutation({
    mutationFn: (given: SourceDraft) =>
      source
        ? http.call('changeDirectorySource', {
            params: { sourceId: source.id },
            body: { clientId, ...bodyOf(given) },
          })
        : http.call('addDirectorySource', {
            body: {
              clientId,
              name: given.name.trim(),
              ...bodyOf(given),
              bindPassword: given.bindPassword,
            },
          }),
    onSuccess: async ({ id }) => {
      announce(t(source ? 'sources/form/changed' : 'sources/form/added'));
      await refresh('directorySources');
      saved(id);
    },
  });
}

/** Tries what stands in the form, kept or not. */
export const useTestSource = (source: DirectorySource | undefined) =>
  useMutation({
    mutationFn: (given: SourceDraft) =>
      http.call('testDirectorySource', {
        body: { ...bodyOf(given), ...(source && { sourceId: source.id }) },
      }),
  });
