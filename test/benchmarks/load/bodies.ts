import { limits } from '#contracts';

/** Chinese characters of a message: log-normal, half have at most 40, one in a hundred more than 4 kB. */
const median = 40;
const p99 = 4096 / 3;
const sigma = Math.log(p99 / median) / 2.326_35;
const kinds = 2000;
const words =
  '今天的会议改到下午三点请各部门把材料提前发给办公室如有问题及时联系谢谢收到明白马上处理报告已经提交审批';

/** Bodies of text messages as JSON, drawn once: the load must not be busy with writing them. */
export function makeBodies(seed: number): Buffer[] {
  const draw = randomFrom(seed);
  return Array.from({ length: kinds }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
    const length = Math.round(median * Math.exp(sigma * normal));
    const bounded = Math.max(1, Math.min(length, Math.floor(limits.textBytes / 3)));
    const text = Array.from({ length: bounded }, () => words[Math.floor(draw() * words.length)]).join('');
    return Buffer.from(JSON.stringify({ type: 'text', text }));
  });
}

/** The same numbers below 1 for the same seed (mulberry32), so that every run and the baseline draw the same load. */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
