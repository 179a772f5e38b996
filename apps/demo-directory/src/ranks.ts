import { pick } from './draw.js';

export interface Position {
  readonly title: string;
  /** Smaller is higher. */
  readonly rank: number;
}

/** The longest ending wins: 办公厅 and 办公室 are led by a 主任, not by a 厅长. */
const headTitles: readonly (readonly [ending: string, title: string])[] = [
  ['办公厅', '主任'],
  ['办公室', '主任'],
  ['中心', '主任'],
  ['党委', '书记'],
  ['研究院', '院长'],
  ['馆', '馆长'],
  ['部', '部长'],
  ['司', '司长'],
  ['局', '局长'],
  ['处', '处长'],
  ['科', '科长'],
];

const headRanks = [10, 30, 50, 65];
const deputyRanks = [20, 40, 60, 68];
const deputies = [4, 2, 2, 1];

const staff: readonly Position[] = [
  { title: '主任科员', rank: 70 },
  { title: '副主任科员', rank: 80 },
  { title: '副主任科员', rank: 80 },
  { title: '科员', rank: 90 },
  { title: '科员', rank: 90 },
  { title: '科员', rank: 90 },
  { title: '办事员', rank: 95 },
];

/** How many people may sit directly in a department of this level; the two upper levels are offices, not halls. */
export function seats(level: number): number {
  if (level === 1) return 7;
  if (level === 2) return 6;
  return Number.POSITIVE_INFINITY;
}

/** What the person who came as number `ordinal` into a department of this name and level is there. */
export function positionIn(department: string, level: number, ordinal: number, chosen: number): Position {
  const head = headTitles.find(([ending]) => department.endsWith(ending))?.[1] ?? '负责人';
  const place = level - 1;
  if (ordinal === 0) return { title: head, rank: headRanks[place] ?? 65 };
  if (ordinal <= (deputies[place] ?? 1)) return { title: `副${head}`, rank: deputyRanks[place] ?? 75 };
  if (level === 1) return { title: `${head}助理`, rank: 25 };
  if (level === 2) return { title: ordinal === 3 ? '一级巡视员' : '二级巡视员', rank: 45 };
  return pick(staff, chosen);
}

const sidePosts: readonly Position[] = [
  { title: '兼职联络员', rank: 85 },
  { title: '项目专员', rank: 85 },
  { title: '专项工作组成员', rank: 85 },
  { title: '兼职研究员', rank: 85 },
];

/** What somebody is in a second department. */
export function sidePosition(chosen: number): Position {
  return pick(sidePosts, chosen);
}
