import { useState } from 'react';
import type { FileInfo } from '#contracts';
import { fileAddress, previewAddress } from '../session/service.js';

/** An image of more pixels is never opened by the page: it would take more memory than a page may have. */
const mostPixels = 64_000_000;
/** What is no larger than this comes as it is. */
const smallBytes = 48 * 1024;

interface PreviewImageProps {
  fileId: string;
  file: FileInfo;
  form: 'small' | 'large';
  className?: string | undefined;
  /** Neither the preview nor the image itself could be shown. */
  onBroken: () => void;
}

const mayBeOpened = ({ width = 1, height = 1 }: FileInfo): boolean => width * height <= mostPixels;

/** What moves is shown as it is; of everything else a preview, and the image itself until there is one. */
function sourcesOf({ fileId, file, form }: PreviewImageProps): string[] {
  const itself = mayBeOpened(file) ? [fileAddress(fileId)] : [];
  const isBestItself = file.mediaType === 'image/gif' || file.size <= smallBytes;
  const preview = previewAddress(fileId, form);
  return isBestItself && itself.length > 0 ? itself : [preview, ...itself];
}

export function PreviewImage(props: PreviewImageProps) {
  const { file, className, onBroken } = props;
  const sources = sourcesOf(props);
  const [at, setAt] = useState(0);
  const next = () => (at + 1 < sources.length ? setAt(at + 1) : onBroken());
  return <img className={className} src={sources[at]} alt={file.name} loading="lazy" onError={next} />;
}
