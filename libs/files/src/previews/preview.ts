import type { FileRow } from '../file.entity.js';

/** In messages and lists; and as large as a window. */
export const previewForms = { small: 480, large: 1920 } as const;
export type PreviewForm = keyof typeof previewForms;

/** Types of images that are opened to make a smaller one. SVG is a program and none of them. */
const opened = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/tiff']);

export const mayHavePreview = (mediaType: string | null): boolean => opened.has(mediaType ?? '');

/** An image that claims more is never opened: what it takes in memory is four bytes for each. */
export const mostPixels = 100_000_000;
const mostBytes = 64 * 1024 * 1024;

/** How often the work on a file may end without an outcome, as when its program dies of it. */
export const mostAttempts = 3;

/** Why the file gets no preview, as far as that is known before it is opened. */
export function obstacleOf({ size, width, height }: FileRow, attempts: number): string | undefined {
  if (size > mostBytes) return 'too many bytes';
  if ((width ?? 1) * (height ?? 1) > mostPixels) return 'too many pixels';
  return attempts > mostAttempts ? 'opening it ended without an outcome' : undefined;
}
