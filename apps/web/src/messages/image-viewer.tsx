import { ActionIcon, Modal } from '@mantine/core';
import { Download, X } from 'lucide-react';
import type { FileInfo } from '#contracts';
import { Store, useStore } from '../parts/store.js';
import { fileAddress } from '../session/service.js';
import { useWords } from '../words/index.js';
import classes from './message.module.css';

interface Viewed {
  fileId: string;
  file: FileInfo;
}

const viewed = new Store<Viewed | undefined>(undefined);

export const openViewer = (image: Viewed): void => viewed.set(image);

/** One image as large as the window, above everything. */
export function ImageViewer() {
  const { t } = useWords();
  const image = useStore(viewed);
  const close = () => viewed.set(undefined);
  return (
    <Modal
      opened={image !== undefined}
      onClose={close}
      fullScreen
      withCloseButton={false}
      padding={0}
      classNames={{ content: classes['viewer'], body: classes['viewerBody'] }}
      transitionProps={{ duration: 100 }}
    >
      {image && (
        <>
          <div className={classes['viewerBar']}>
            <span className={classes['viewerName']}>{image.file.name}</span>
            <ActionIcon
              component="a"
              href={fileAddress(image.fileId, true)}
              download={image.file.name}
              variant="subtle"
              color="gray"
              size={40}
              aria-label={t('view.download')}
            >
              <Download size={20} aria-hidden />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={40}
              aria-label={t('common.close')}
              onClick={close}
            >
              <X size={20} aria-hidden />
            </ActionIcon>
          </div>
          <img className={classes['viewerImage']} src={fileAddress(image.fileId)} alt={image.file.name} />
        </>
      )}
    </Modal>
  );
}
