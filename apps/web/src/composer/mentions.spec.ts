import { describe, expect, it } from '@jest/globals';
import { mentionAt, mentionedIn, withMention } from './mentions.js';

describe('a mention', () => {
  it('is what stands between an @ and the caret', () => {
    expect(mentionAt('好的 @zhang', 9)).toEqual({ start: 3, text: 'zhang' });
    expect(mentionAt('@', 1)).toEqual({ start: 0, text: '' });
  });

  it('is not begun by a mail address, and ends with a space', () => {
    expect(mentionAt('mail a@b', 8)).toBeUndefined();
    expect(mentionAt('@张伟 你好', 6)).toBeUndefined();
  });

  it('follows directly after Chinese text', () => {
    expect(mentionAt('请@李', 3)).toEqual({ start: 1, text: '李' });
  });

  it('becomes the name, with the caret behind it', () => {
    expect(withMention('请@li看', { start: 1, text: 'li' }, '李娜')).toEqual({
      text: '请@李娜 看',
      caret: 5,
    });
  });

  it('counts as long as the name stands in the text', () => {
    const chosen = new Map([
      ['1', '李娜'],
      ['2', '张伟'],
    ]);
    expect(mentionedIn('@李娜 看一下', chosen)).toEqual(['1']);
  });
});
