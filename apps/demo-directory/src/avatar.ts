import { crc32, deflateSync } from 'node:zlib';
import { draw } from './draw.js';

const side = 128;
const styles = 8;

type Colour = readonly [red: number, green: number, blue: number];

const papers: readonly Colour[] = [
  [203, 216, 232],
  [222, 214, 204],
  [205, 221, 211],
  [231, 216, 208],
  [214, 211, 230],
  [200, 220, 224],
  [226, 224, 206],
  [216, 219, 224],
];
const skins: readonly Colour[] = [
  [240, 208, 178],
  [232, 194, 160],
  [222, 180, 146],
  [236, 202, 176],
];
const hairs: readonly Colour[] = [
  [38, 36, 40],
  [58, 48, 44],
  [92, 88, 90],
  [78, 58, 46],
];
const clothes: readonly Colour[] = [
  [52, 70, 104],
  [70, 78, 88],
  [120, 62, 66],
  [62, 96, 88],
  [98, 84, 116],
  [236, 238, 242],
  [44, 52, 62],
  [140, 112, 72],
];

/** A drawn portrait in place of a photo, of 128 × 128 pixels, always the same for the same person. */
export function avatarOf(seed: number, index: number): Buffer {
  const colours = draw(seed, 'avatarColour', index);
  const of = (some: readonly Colour[], shift: number): Colour =>
    some[(colours >>> shift) % some.length] ?? [0, 0, 0];
  const palette = [of(papers, 0), of(skins, 7), of(hairs, 13), of(clothes, 19)];
  return png(shape(draw(seed, 'avatar', index) % styles), palette);
}

const shapes = new Map<number, Buffer>();

/** The compressed pixels of one style. There are few, so each is drawn once. */
function shape(style: number): Buffer {
  const known = shapes.get(style);
  if (known) return known;
  const rows = Array.from({ length: side }, (_, y) => rowOf(style, y));
  const drawn = deflateSync(Buffer.concat(rows), { level: 9 });
  shapes.set(style, drawn);
  return drawn;
}

/** Four pixels to a byte, led by PNG's filter byte. */
function rowOf(style: number, y: number): Buffer {
  const row = Buffer.alloc(1 + side / 4);
  for (let x = 0; x < side; x += 1) {
    const place = 1 + (x >> 2);
    row[place] = (row[place] ?? 0) | (partAt(style, x - side / 2 + 0.5, y) << (6 - 2 * (x & 3)));
  }
  return row;
}

/** @returns 0 paper, 1 skin, 2 hair, 3 clothes; x from the middle */
function partAt(style: number, x: number, y: number): number {
  const isIn = (middle: number, width: number, height: number) =>
    (x / width) ** 2 + ((y - middle) / height) ** 2 <= 1;
  const isLong = style % 2 === 1;
  // The hair lies across the forehead, to one side or straight.
  const hairline = (style & 2) === 0 ? 46 + x / 4 : 43 + (x * x) / 90;
  if (style >= 4 && isOnGlasses(x, y)) return 2;
  if (isIn(60, 23, 28)) return y < hairline ? 2 : 1;
  if (Math.abs(x) < 10 && y > 80 && y < 102) return 1;
  if (isIn(50, 27, 28) && y < (isLong ? 80 : 58)) return 2;
  if (isLong && isIn(66, 32, 38) && y < 96) return 2;
  return isIn(138, 52, 42) ? 3 : 0;
}

function isOnGlasses(x: number, y: number): boolean {
  const fromEye = Math.hypot(Math.abs(x) - 9.5, y - 62);
  return (fromEye > 6 && fromEye < 8) || (Math.abs(x) < 2.5 && Math.abs(y - 61) < 1);
}

function png(pixels: Buffer, palette: readonly Colour[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 2;
  header[9] = 3;
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flat())),
    chunk('IDAT', pixels),
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
