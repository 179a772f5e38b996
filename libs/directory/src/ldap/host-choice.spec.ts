import { describe, expect, it } from '@jest/globals';
import { HostChoice } from './host-choice.js';

const [a, b, c] = ['a', 'b', 'c'].map((host) => ({ host, port: 636 })) as [Host, Host, Host];
type Host = { host: string; port: number };

describe('the choice of a host', () => {
  it('stays with the one that answered', () => {
    const choice = new HostChoice([a, b, c]);
    expect(choice.order(0)).toEqual([a, b, c]);
    choice.failed(a, 0);
    choice.succeeded(b);
    expect(choice.order(0)).toEqual([b, c]);
    expect(choice.order(60_000)).toEqual([b, a, c]);
  });

  it('leaves a host that keeps failing alone for longer and longer', () => {
    const choice = new HostChoice([a, b]);
    choice.failed(a, 0);
    expect(choice.order(9_999)).toEqual([b]);
    expect(choice.order(10_000)).toEqual([a, b]);
    choice.failed(a, 10_000);
    expect(choice.order(29_999)).toEqual([b]);
    for (let i = 0; i < 20; i += 1) choice.failed(a, 0);
    expect(choice.order(300_000)).toEqual([a, b]);
  });

  it('tries all of them when all have failed', () => {
    const choice = new HostChoice([a, b]);
    choice.failed(a, 0);
    choice.failed(b, 0);
    expect(choice.order(1)).toEqual([a, b]);
  });

  it('takes back a host that answers again before its time, and stays where it is', () => {
    const choice = new HostChoice([a, b]);
    expect(choice.failed(a, 0)).toBe(10_000);
    choice.succeeded(b);
    choice.recovered(a);
    expect(choice.order(1)).toEqual([b, a]);
    expect(choice.failed(a, 1)).toBe(10_000);
  });
});
