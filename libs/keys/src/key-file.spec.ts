import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '#contracts';
import { KeyFile } from './key-file.js';

const recordBytes = 77;

describe('a key file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chancery-keys-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const open = () => KeyFile.open(folder, 'content');
  const size = async () => (await stat(join(folder, 'content.keys'))).size;

  it('gives another process the keys that one has made', async () => {
    const [one, two] = [await open(), await open()];
    const id = newId();
    await one.create([id]);
    await two.catchUp();
    expect(two.get(id)).toEqual(one.get(id));
  });

  it('has no holes when keys are made while many read', async () => {
    const [one, two] = [await open(), await open()];
    const ids: string[] = [];
    for (let round = 0; round < 20; round += 1) {
      const made = [newId(), newId()];
      ids.push(...made);
      const readers = Array.from({ length: 8 }, (_, i) => (i % 2 === 0 ? one : two).catchUp());
      await Promise.all([(round % 2 === 0 ? one : two).create(made), ...readers]);
      await Promise.all([one.catchUp(), one.catchUp(), two.catchUp(), two.catchUp(), two.catchUp()]);
    }
    expect(await size()).toBe(ids.length * recordBytes);
    const later = await open();
    for (const id of ids) expect(later.get(id)).toEqual(one.get(id));
  });
});
