import { describe, expect, it } from '@jest/globals';
import { searchTerms, sortKey } from './search-terms.js';
import { scriptRuns, searchWords } from './search-text.js';

const person = (displayName: string) => ({
  displayName,
  givenName: null,
  username: 'u1',
  staffNumber: null,
  email: null,
  phone: null,
  mobile: null,
});

const finds = (displayName: string, q: string) =>
  searchTerms(person(displayName)).some((term) => unmarked(term).startsWith(searchWords(q).join(''))) ||
  searchWords(q)
    .flatMap(scriptRuns)
    .every((word) => searchTerms(person(displayName)).some((term) => unmarked(term).startsWith(word)));

const unmarked = (term: string) => (term < ' ' ? term.slice(1) : term);

describe('search terms of a person', () => {
  it.each([
    ['张伟明', '张伟'],
    ['张伟明', '伟明'],
    ['张伟明', '明'],
    ['张伟明', 'zhangweiming'],
    ['张伟明', 'zhang wei'],
    ['张伟明', 'zwm'],
    ['张伟明', 'wm'],
    ['张伟明', 'zhangwm'],
    ['张伟明', 'ZHANGW'],
    ['单雄信', 'shanxx'],
    ['解晓东', 'xiexd'],
    ['曾国藩', 'zeng'],
    ['仇英', 'qiuy'],
    ['欧阳娜娜', 'ouyangnana'],
    ['李𬭎', 'lihong'],
    ['㛃', 'jie'],
    ['Michael Chen', 'chen'],
    ['Michael Chen', 'mc'],
    ['重庆', 'chongqing'],
    ['重庆', 'zhongqing'],
    ['张伟', 'ｚｈａｎｇ'],
    ['张伟明', '张wei'],
    ['張偉明', '张伟'],
    ['张伟明', '張偉'],
    ['單雄信', 'shanxx'],
    ['李鋐', '李𬭎'],
    ['王䶮', 'wangyan'],
    ['吕布', 'lvbu'],
    ['吕布', 'lubu'],
    ['<b>重要</b>', 'zhongyao'],
    ['=HYPERLINK("http://x")', 'hyperlink'],
    ['*)(uid=*))(|(uid=*', '*)(uid'],
    ["O'Brien", "o'br"],
    ['𠮷田', '𠮷'],
  ])('finds %s by %s', (name, q) => {
    expect(finds(name, q)).toBe(true);
  });

  it('does not find a person by the middle of a syllable', () => {
    expect(finds('张伟明', 'hang')).toBe(false);
  });

  it('finds a person by the last four digits of the phone', () => {
    expect(searchTerms({ ...person('张伟'), mobile: '+86 139 0000 1234' })).toContain('\u00031234');
  });

  it('stays bounded for a name of many polyphones', () => {
    expect(searchTerms(person('单单单单单单单单')).length).toBeLessThan(200);
  });

  it('sorts Chinese names by pinyin with the surname read as a surname', () => {
    expect(['张三', '单一', 'Adam', '解二'].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))).toEqual([
      'Adam',
      '单一',
      '解二',
      '张三',
    ]);
  });

  it('are whole characters also where a name of the further planes has no reading', () => {
    for (const term of searchTerms(person('𠮷𪚥田'))) expect(term.isWellFormed()).toBe(true);
  });
});
