import { describe, expect, it } from '@jest/globals';
import type { FileRow } from '../file.entity.js';
import { mayHavePreview, mostAttempts, obstacleOf } from './preview.js';

const image = (values: Partial<FileRow>): FileRow =>
  ({ size: 1000, width: 10, height: 10, ...values }) as FileRow;

describe('a preview', () => {
  it.each(['image/svg+xml', 'text/html', 'application/pdf', 'video/mp4', 'image/x-icon'])(
    'is never made of %s',
    (type) => expect(mayHavePreview(type)).toBe(false),
  );

  it.each<[string, Partial<FileRow>, number]>([
    ['50,000 by 50,000 pixels', { width: 50_000, height: 50_000 }, 1],
    ['100 MiB', { size: 100 * 1024 * 1024 }, 1],
    ['which the program died too often', {}, mostAttempts + 1],
  ])('is not made of an image of %s', (_what, values, attempts) => {
    expect(obstacleOf(image(values), attempts)).toEqual(expect.any(String));
  });

  it('is made of others', () => expect(obstacleOf(image({}), mostAttempts)).toBeUndefined());
});
