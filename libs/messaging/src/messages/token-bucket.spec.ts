import { expect, it } from '@jest/globals';
import { TokenBucket } from './token-bucket.js';

it('lets a burst pass, then the rate, and says how long to wait', () => {
  let now = 0;
  const bucket = new TokenBucket(10, 3, () => now);
  expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([0, 0, 0]);
  expect(bucket.take()).toBe(100);
  now += 100;
  expect(bucket.take()).toBe(0);
  expect(bucket.take()).toBe(100);
  now += 60_000;
  expect([bucket.take(), bucket.take(), bucket.take(), bucket.take()]).toEqual([0, 0, 0, 100]);
});
