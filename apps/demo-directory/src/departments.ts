export interface Department {
  readonly index: number;
  readonly name: string;
  /** Index of the department above; none for the ministry itself. */
  readonly parent: number | undefined;
  /** 1 the ministry, 2 offices and bureaus, 3 divisions, 4 sections. */
  readonly level: number;
  /** Place among the departments of the same parent, from 1. */
  readonly order: number;
}

/**
 * The first forty, in the order in which they are founded as the ministry grows. Each line names the index of its parent.
 */
const foundation: readonly (readonly [name: string, parent: number])[] = [
  ['示范发展部', -1],
  ['办公厅', 0],
  ['人事司', 0],
  ['秘书处', 1],
  ['财务司', 0],
  ['干部处', 2],
  ['信息中心', 0],
  ['文电科', 3],
  ['政策法规司', 0],
  ['网络运行处', 6],
  ['预算处', 4],
  ['上海局', 0],
  ['综合处', 8],
  ['机房运维科', 9],
  ['广州局', 0],
  ['办公室', 11],
  ['业务一处', 11],
  ['国际合作司', 0],
  ['会计处', 4],
  ['成都局', 0],
  ['第一科', 16],
  ['第二科', 16],
  ['办公室', 14],
  ['业务一处', 14],
  ['业务二处', 14],
  ['监督检查局', 0],
  ['亚洲处', 17],
  ['欧洲处', 17],
  ['机关服务中心', 0],
  ['办公室', 19],
  ['业务一处', 19],
  ['信息安全处', 6],
  ['教育培训处', 2],
  ['预算一科', 10],
  ['机要科', 3],
  ['检查一处', 25],
  ['检查二处', 25],
  ['第一科', 23],
  ['法规处', 8],
  ['综合处', 28],
];

const centralUnits =
  '发展规划司 科技司 标准管理司 统计司 宣传司 市场合作司 应急管理司 数据资源司 机关党委 离退休干部局 档案馆 培训中心 示范研究院 审计局'.split(
    ' ',
  );

const cities = (
  '北京 天津 重庆 沈阳 大连 长春 哈尔滨 南京 苏州 无锡 杭州 宁波 温州 合肥 福州 厦门 南昌 济南 青岛 烟台 郑州 洛阳 武汉 宜昌 长沙 ' +
  '深圳 珠海 东莞 南宁 桂林 海口 三亚 贵阳 遵义 昆明 大理 拉萨 西安 宝鸡 兰州 西宁 银川 乌鲁木齐 喀什 呼和浩特 包头 太原 大同 石家庄 ' +
  '唐山 保定 秦皇岛 徐州 南通 扬州 绍兴 嘉兴 金华 芜湖 泉州 赣州 九江 潍坊 威海 临沂 开封 襄阳 岳阳 佛山 汕头 柳州 绵阳 延边 吉林 大庆'
).split(' ');

const centralDivisions = '综合处 业务一处 业务二处 协调处 监测评估处 项目管理处 信息统计处'.split(' ');
const bureauDivisions = '办公室 业务一处 业务二处 业务三处 业务四处 稽查处 技术保障处 法制处 协作处'.split(
  ' ',
);
const sections = '第一科 第二科'.split(' ');

/** The ministry with `count` departments; a larger count only adds to the end. */
export function departmentsUpTo(count: number): Department[] {
  const departments: Department[] = [];
  const children = new Map<number, number>();
  for (const [name, parent] of founding()) {
    if (departments.length === count) return departments;
    const above = departments[parent];
    const order = (children.get(parent) ?? 0) + 1;
    children.set(parent, order);
    departments.push({
      index: departments.length,
      name,
      parent: above?.index,
      level: above ? above.level + 1 : 1,
      order,
    });
  }
  if (departments.length === count) return departments;
  throw new Error(
    `The demo organisation is planned for ${departments.length} departments, not for ${count}.`,
  );
}

/** About 40 departments for 300 people and 2,000 for 200,000; one more person never founds two departments. */
export function departmentCountFor(people: number): number {
  return Math.max(1, Math.round(1.306 * people ** 0.6));
}

function* founding(): Generator<readonly [name: string, parent: number]> {
  yield* foundation;
  let founded = foundation.length;
  const names = new Set(foundation.map(([name, parent]) => `${parent}/${name}`));

  function* found(
    parent: number,
    name: string,
    below: readonly string[],
  ): Generator<readonly [string, number]> {
    if (names.has(`${parent}/${name}`)) return;
    const self = founded;
    founded += 1;
    names.add(`${parent}/${name}`);
    yield [name, parent];
    for (const child of below) yield* found(self, child, []);
  }
  function* foundUnit(name: string, divisions: readonly string[]): Generator<readonly [string, number]> {
    const self = founded;
    yield* found(0, name, []);
    for (const division of divisions) yield* found(self, division, sections);
  }

  for (const [unit, [name, parent]] of foundation.entries()) {
    if (parent !== 0) continue;
    const divisions = name.endsWith('局') ? bureauDivisions.slice(0, 5) : centralDivisions.slice(0, 4);
    for (const division of divisions) yield* found(unit, division, sections);
  }
  for (const [turn, city] of cities.entries()) {
    const central = centralUnits[turn];
    if (central) yield* foundUnit(central, centralDivisions);
    yield* foundUnit(`${city}局`, bureauDivisions);
  }
}
