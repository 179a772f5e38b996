import { describe, expect, it } from '@jest/globals';
import { colorOf, shortName } from './names.js';

describe('the letters of an avatar', () => {
  it.each([
    ['张伟', '张伟'],
    ['欧阳晓峰', '晓峰'],
    ['Wei Zhang', 'WZ'],
    ['alice', 'A'],
    ['', ''],
    ['🙂', '🙂'],
  ])('of %p are %p', (name, letters) => {
    expect(shortName(name)).toBe(letters);
  });

  it('lie on a colour that stays with the person', () => {
    expect(colorOf('0198')).toBe(colorOf('0198'));
  });
});
