import { describe, expect, it } from '@jest/globals';
import { Turns } from './turns.js';

/** Work that ends when it is told to. */
function works() {
  const ends: (() => void)[] = [];
  return { ends, work: () => new Promise<void>((resolve) => ends.push(resolve)) };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('turns', () => {
  it('are taken by so many of one key at once, in the order of asking, and by other keys freely', async () => {
    const turns = new Turns({ atOnce: 2, waiting: 10 });
    const many = works();
    const other = works();
    const done = [1, 2, 3, 4].map(() => turns.run('many', many.work));
    done.push(turns.run('other', other.work));
    await settled();
    expect([many.ends.length, other.ends.length]).toEqual([2, 1]);
    many.ends[0]!();
    await settled();
    expect(many.ends).toHaveLength(3);
    many.ends[1]!();
    many.ends[2]!();
    await settled();
    many.ends[3]!();
    other.ends[0]!();
    await Promise.all(done);
  });

  it('are refused where too many wait, and given again when a fault ends one', async () => {
    const turns = new Turns({ atOnce: 1, waiting: 1 });
    const first = works();
    const failing = turns.run('a', async () => {
      await first.work();
      throw new Error('a fault');
    });
    const waiting = turns.run('a', () => Promise.resolve('done'));
    await expect(turns.run('a', () => Promise.resolve())).rejects.toMatchObject({ code: 'rate.limited' });
    await settled();
    first.ends[0]!();
    await expect(failing).rejects.toThrow('a fault');
    expect(await waiting).toBe('done');
    expect(await turns.run('a', () => Promise.resolve('again'))).toBe('again');
  });
});
