import { describe, expect, it } from '@jest/globals';
import { eventually } from '#testing';
import { Gathering } from './gathering.js';

const limits = { together: 3, underWay: 1, waiting: 5 };

/** Doubles numbers when it is let, and remembers which came together. */
function doubling(more: Partial<typeof limits> = {}) {
  const asked: number[][] = [];
  let begin: () => void = () => {};
  const gathering = new Gathering<number, number>(
    async (numbers) => {
      asked.push(numbers);
      await new Promise<void>((resolve) => (begin = resolve));
      if (numbers.includes(13)) throw new Error('unlucky');
      return numbers.map((n) => n * 2);
    },
    { ...limits, ...more },
  );
  return { gathering, asked, go: () => begin() };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a gathering', () => {
  it('answers one question alone, and what is asked meanwhile together', async () => {
    const { gathering, asked, go } = doubling();
    const first = gathering.ask(1);
    await turn();
    const rest = [2, 3, 4, 5].map((n) => gathering.ask(n));
    for (let answers = 1; answers <= 3; answers += 1) {
      await eventually('the next are asked', () => asked.length === answers);
      go();
    }
    expect(await Promise.all([first, ...rest])).toEqual([2, 4, 6, 8, 10]);
    expect(asked).toEqual([[1], [2, 3, 4], [5]]);
  });

  it('fails those who were asked together, and nobody else', async () => {
    const { gathering, go } = doubling({ together: 1 });
    const unlucky = expect(gathering.ask(13)).rejects.toThrow('unlucky');
    const lucky = gathering.ask(7);
    for (let i = 0; i < 2; i += 1) {
      await turn();
      go();
    }
    await unlucky;
    expect(await lucky).toBe(14);
  });

  it('refuses when too many wait', async () => {
    const { gathering } = doubling();
    void gathering.ask(0);
    await turn();
    for (let n = 1; n <= 5; n += 1) void gathering.ask(n);
    expect(() => gathering.ask(6)).toThrow(expect.objectContaining({ code: 'overloaded' }));
  });
});
