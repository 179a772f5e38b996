import { SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { FileSearch, Search } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { SentFile } from '#contracts';
import { MorePages } from '../contacts/more-pages.js';
import { FileContent } from '../messages/file-content.js';
import { openViewer } from '../messages/image-viewer.js';
import { isImage } from '../messages/line.js';
import { PreviewImage } from '../messages/preview-image.js';
import { EmptyState, ErrorState } from '../parts/states.js';
import { PersonSkeletons } from '../people/person-skeletons.js';
import { client } from '../session/service.js';
import { useWords } from '../words/index.js';
import classes from './conversation-files.module.css';

type Kind = 'image' | 'other';

function useFiles(conversationId: string, kind: Kind, name: string) {
  const [asked] = useDebouncedValue(name.trim(), 180);
  return useInfiniteQuery({
    queryKey: ['files', conversationId, kind, asked],
    queryFn: ({ pageParam }) =>
      client.call('sentFiles', {
        query: {
          conversationId,
          kind,
          limit: 50,
          ...(asked !== '' && { name: asked }),
          ...(pageParam && { cursor: pageParam }),
        },
      }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
  });
}

/** Everything that was sent in a conversation: images as a wall, the rest as a list, both by name. */
export default function ConversationFiles({ conversationId }: { conversationId: string }) {
  const { t } = useWords();
  const [kind, setKind] = useState<Kind>('image');
  const [name, setName] = useState('');
  const list = useFiles(conversationId, kind, name);
  const files = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <div className={classes['files']} data-testid="conversation-files">
      <SegmentedControl
        fullWidth
        size="xs"
        value={kind}
        onChange={(value) => setKind(value as Kind)}
        data={[
          { value: 'image', label: t('files.images') },
          { value: 'other', label: t('files.others') },
        ]}
      />
      <TextInput
        leftSection={<Search size={15} aria-hidden />}
        placeholder={t('files.filter')}
        aria-label={t('files.filter')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {list.isLoading && <PersonSkeletons />}
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && files.length === 0 && (
        <EmptyState icon={FileSearch} title={t('files.none')} hint={t('files.noneHint')} />
      )}
      {kind === 'image' ? <Wall images={files} /> : <List files={files} conversationId={conversationId} />}
      <MorePages list={list} />
    </div>
  );
}

function Wall({ images }: { images: SentFile[] }) {
  const { t } = useWords();
  return (
    <div className={classes['wall']}>
      {images.map((image) => (
        <button
          key={image.messageId}
          type="button"
          className={classes['tile']}
          aria-label={t('view.openImage', { name: image.name })}
          title={image.name}
          onClick={() => openViewer({ fileId: image.id, file: image })}
        >
          <Tile image={image} />
        </button>
      ))}
    </div>
  );
}

function Tile({ image }: { image: SentFile }) {
  const [isBroken, setBroken] = useState(false);
  if (isBroken || !image.isAvailable || !isImage(image.mediaType)) return <span>{image.name}</span>;
  return <PreviewImage fileId={image.id} file={image} form="small" onBroken={() => setBroken(true)} />;
}

function List({ files, conversationId }: { files: SentFile[]; conversationId: string }) {
  const { t } = useWords();
  return (
    <ul className={classes['list']}>
      {files.map((file) => (
        <li key={file.messageId}>
          <FileContent fileId={file.id} file={file} />
          <Link className={classes['place']} href={`/c/${conversationId}/${file.seq}`}>
            {t('files.toMessage')}
          </Link>
        </li>
      ))}
    </ul>
  );
}
