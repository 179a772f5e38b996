import {
  Download,
  File,
  FileArchive,
  FileSpreadsheet,
  FileText,
  FileVideo,
  type LucideIcon,
} from 'lucide-react';
import { useState, type MouseEvent } from 'react';
import { RefusedError, type ConnectionState } from '#client';
import type { FileInfo } from '#contracts';
import { client, fileAddress } from '../session/service.js';
import { useConnection } from '../shell/offline-strip.js';
import { byteSize } from '../words/times.js';
import { useWords } from '../words/index.js';
import { isImage } from './line.js';
import classes from './message.module.css';
import { openViewer } from './image-viewer.js';
import { PreviewImage } from './preview-image.js';

/** Pixels an image may take in the page. */
const mostWidth = 320;
const mostHeight = 260;
const leastEdge = 48;
export function FileContent({ fileId, file }: { fileId: string; file: FileInfo }) {
  const [brokenIn, setBrokenIn] = useState<ConnectionState>();
  const connection = useConnection();
  // What could not be loaded without a connection may be with one.
  const isBroken = brokenIn === 'live' || (brokenIn !== undefined && connection !== 'live');
  if (!isImage(file.mediaType) || isBroken) return <FileCard fileId={fileId} file={file} />;
  return <InlineImage fileId={fileId} file={file} onBroken={() => setBrokenIn(connection)} />;
}

interface InlineImageProps {
  fileId: string;
  file: FileInfo;
  onBroken: () => void;
}

/** The place is measured before the image comes, so that nothing jumps. */
function InlineImage({ fileId, file, onBroken }: InlineImageProps) {
  const { t } = useWords();
  const { width = 240, height = 180 } = file;
  const scale = Math.min(1, mostWidth / width, mostHeight / height);
  const size = {
    width: Math.max(leastEdge, Math.round(width * scale)),
    height: Math.max(leastEdge, Math.round(height * scale)),
  };
  return (
    <button
      type="button"
      className={classes['image']}
      style={{ width: size.width, aspectRatio: `${size.width} / ${size.height}` }}
      aria-label={t('view.openImage', { name: file.name })}
      onClick={() => openViewer({ fileId, file })}
    >
      <PreviewImage fileId={fileId} file={file} form="small" onBroken={onBroken} />
    </button>
  );
}

const kinds: [RegExp, LucideIcon][] = [
  [/\.(zip|rar|7z|tar|gz)$/i, FileArchive],
  [/\.(xlsx?|csv|et)$/i, FileSpreadsheet],
  [/\.(docx?|pdf|txt|md|wps|ofd|pptx?)$/i, FileText],
  [/\.(mp4|mov|webm|avi|mkv)$/i, FileVideo],
];

/** Saving begins once the service says that the file can be had; else the card says why not. */
function useSaving(fileId: string) {
  const [refusal, setRefusal] = useState<unknown>();
  const save = async (event: MouseEvent<HTMLAnchorElement>): Promise<void> => {
    event.preventDefault();
    const { href, download } = event.currentTarget;
    try {
      const { scan, isAvailable } = await client.call('file', { params: { fileId } });
      if (!isAvailable) throw new RefusedError(scan === 'infected' ? 'file.infected' : 'file.held');
      setRefusal(undefined);
      Object.assign(document.createElement('a'), { href, download }).click();
    } catch (error) {
      setRefusal(error);
    }
  };
  return { save, refusal };
}

function FileCard({ fileId, file }: { fileId: string; file: FileInfo }) {
  const { t, errorText } = useWords();
  const { save, refusal } = useSaving(fileId);
  const Icon = kinds.find(([form]) => form.test(file.name))?.[1] ?? File;
  return (
    <a
      className={classes['file']}
      href={fileAddress(fileId, true)}
      download={file.name}
      aria-label={`${t('view.download')} ${file.name}`}
      data-testid="file"
      onClick={(event) => void save(event)}
    >
      <Icon size={28} strokeWidth={1.4} className={classes['fileIcon']} aria-hidden />
      <span className={classes['fileText']}>
        <span className={classes['fileName']} title={file.name}>
          {file.name}
        </span>
        <span className={classes['fileSize']} role={refusal === undefined ? undefined : 'alert'}>
          {refusal === undefined ? byteSize(file.size) : errorText(refusal)}
        </span>
      </span>
      <Download size={16} aria-hidden />
    </a>
  );
}
