import { fileTypeFromBuffer } from 'file-type';
import { imageSize } from 'image-size';
import type { FileRow } from './file.entity.js';

export type ContentKind = Pick<FileRow, 'mediaType' | 'width' | 'height'>;

/** Type of a file and size of an image, told by its first bytes and never by the name. */
export async function kindOf(head: Buffer): Promise<ContentKind> {
  const mediaType =
    (await fileTypeFromBuffer(head))?.mime ?? (isText(head) ? 'text/plain' : 'application/octet-stream');
  if (!mediaType.startsWith('image/')) return { mediaType, width: null, height: null };
  try {
    const { width, height, orientation } = imageSize(head);
    // EXIF orientations from 5 on lie on their side (CIPA DC-008 §4.6.4).
    return orientation && orientation >= 5
      ? { mediaType, width: height, height: width }
      : { mediaType, width, height };
  } catch {
    return { mediaType, width: null, height: null };
  }
}

/** @param refused types such as `video/mp4`, or whole families such as `video/*` */
export const isRefused = (mediaType: string, refused: readonly string[]): boolean =>
  refused.some((type) =>
    type.endsWith('/*') ? mediaType.startsWith(type.slice(0, -1)) : mediaType === type,
  );

function isText(head: Buffer): boolean {
  if (head.length === 0 || head.includes(0)) return false;
  try {
    // The last character may be cut in two by the end of the part.
    new TextDecoder('utf-8', { fatal: true }).decode(head.subarray(0, 4096), { stream: true });
    return true;
  } catch {
    return false;
  }
}
