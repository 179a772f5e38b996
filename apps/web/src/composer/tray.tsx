import { ActionIcon, Progress } from '@mantine/core';
import { File, RotateCw, X } from 'lucide-react';
import { byteSize } from '../words/times.js';
import { useWords } from '../words/index.js';
import type { Attachment, Attachments } from './attachments.js';
import classes from './composer.module.css';

interface TrayProps {
  attachments: Attachments;
  list: readonly Attachment[];
}

/** What will be sent with the next message. */
export function Tray({ attachments, list }: TrayProps) {
  if (list.length === 0) return null;
  return (
    <ul className={classes['tray']} data-testid="tray">
      {list.map((attachment) => (
        <TrayItem key={attachment.id} attachment={attachment} attachments={attachments} />
      ))}
    </ul>
  );
}

function TrayItem({ attachment, attachments }: { attachment: Attachment; attachments: Attachments }) {
  const { t, errorText } = useWords();
  const { id, file, preview, progress, fileId, error } = attachment;
  const state =
    error !== undefined
      ? t('composer.uploadFailed', { reason: errorText(error) })
      : fileId
        ? byteSize(file.size)
        : t('composer.uploading', { percent: Math.floor(progress * 100) });
  return (
    <li
      className={classes['trayItem']}
      data-failed={error !== undefined || undefined}
      data-testid="attachment"
      data-state={error !== undefined ? 'failed' : fileId ? 'ready' : 'uploading'}
    >
      {preview ? <img src={preview} alt="" /> : <File size={28} strokeWidth={1.4} aria-hidden />}
      <div className={classes['trayText']}>
        <span className={classes['trayName']} title={file.name}>
          {file.name}
        </span>
        <span className={classes['trayState']} title={state}>
          {state}
        </span>
        {!fileId && error === undefined && <Progress size={3} value={progress * 100} aria-label={state} />}
      </div>
      {error !== undefined && (
        <ActionIcon
          variant="subtle"
          color="gray"
          size={24}
          aria-label={t('common.retry')}
          onClick={() => attachments.retry(id)}
        >
          <RotateCw size={14} aria-hidden />
        </ActionIcon>
      )}
      <ActionIcon
        variant="subtle"
        color="gray"
        size={24}
        aria-label={t('composer.remove', { name: file.name })}
        onClick={() => attachments.remove(id)}
      >
        <X size={14} aria-hidden />
      </ActionIcon>
    </li>
  );
}
