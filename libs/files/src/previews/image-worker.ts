import sharp from 'sharp';

/**
 * Opens images that people have sent, in a process of its own that has nothing else in it and may die of them. It is
 * given one image at a time; what comes out was drawn anew, so that nothing of the original's other contents is in it.
 */
export interface ImageTask {
  image: Uint8Array;
  /** Longest edges of the images wanted. */
  edges: number[];
  mostPixels: number;
  seconds: number;
}

export interface SmallerImage {
  image: Uint8Array;
  width: number;
  height: number;
}

export type ImageOutcome = { images: SmallerImage[] } | { refusal: string };

const quality = 78;

sharp.cache(false);
sharp.concurrency(1);

async function draw({ image, edges, mostPixels, seconds }: ImageTask): Promise<ImageOutcome> {
  try {
    const images = [];
    for (const edge of edges) {
      const drawn = await sharp(image, {
        limitInputPixels: mostPixels,
        sequentialRead: true,
        failOn: 'error',
      })
        .timeout({ seconds })
        // Turned as the camera says, which is then forgotten with everything else that it says.
        .autoOrient()
        .resize({ width: edge, height: edge, fit: 'inside', withoutEnlargement: true })
        .webp({ quality, effort: 2 })
        .toBuffer({ resolveWithObject: true });
      images.push({ image: drawn.data, width: drawn.info.width, height: drawn.info.height });
    }
    return { images };
  } catch (error) {
    return { refusal: error instanceof Error ? error.message.slice(0, 200) : 'unknown' };
  }
}

process.on('message', (task: ImageTask) => void draw(task).then((outcome) => process.send?.(outcome)));
// Whoever gave it work is gone.
process.on('disconnect', () => process.exit());
