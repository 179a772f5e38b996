import { crc32, deflateSync } from 'node:zlib';
import { draw } from './draw.js';

const side = 128;
const cells = 5;
const margin = 14;
const cell = (side - 2 * margin) / cells;

type Colour = readonly [red: number, green: number, blue: number];

const papers: readonly Colour[] = [
  [226, 232, 240],
  [231, 229, 228],
  [224, 231, 225],
  [237, 228, 220],
  [228, 226, 238],
];
const inks: readonly Colour[] = [
  [84, 110, 138],
  [122, 98, 86],
  [86, 122, 102],
  [146, 98, 84],
  [104, 94, 140],
  [70, 118, 124],
  [134, 112, 70],
];

/** A portrait in place of a photo: a symmetric pattern of 128 × 128 pixels, always the same for the same person. */
export function avatarOf(seed: number, index: number): Buffer {
  const colours = draw(seed, 'avatarColour', index);
  const paper = papers[colours % papers.length] ?? [255, 255, 255];
  const ink = inks[(colours >>> 8) % inks.length] ?? [0, 0, 0];
  return png(rows(draw(seed, 'avatar', index)), [paper, ink]);
}

/** One bit per pixel, each row led by PNG's filter byte. */
function rows(pattern: number): Buffer {
  const bands = Array.from({ length: cells }, (_, band) => rowOf((pattern >>> (band * 3)) & 7));
  const blank = rowOf(0);
  const drawn = Array.from({ length: side }, (_, y) => bands[Math.floor((y - margin) / cell)] ?? blank);
  return Buffer.concat(drawn);
}

/** A row of pixels from three bits: the left column, the next one and the middle; the right half mirrors the left. */
function rowOf(inked: number): Buffer {
  const row = Buffer.alloc(1 + side / 8);
  for (let x = margin; x < side - margin; x += 1) {
    const column = Math.floor((x - margin) / cell);
    const mirrored = Math.min(column, cells - 1 - column);
    if (((inked >>> mirrored) & 1) === 0) continue;
    const place = 1 + (x >> 3);
    row[place] = (row[place] ?? 0) | (0x80 >> (x & 7));
  }
  return row;
}

function png(pixels: Buffer, palette: readonly Colour[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 1;
  header[9] = 3;
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flat())),
    chunk('IDAT', deflateSync(pixels, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}
