/** A written name and how it is said, in letters fit for an account name. */
export interface Spoken {
  readonly written: string;
  readonly latin: string;
}

export const commonSurnames = spoken(
  '王wang 李li 张zhang 刘liu 陈chen 杨yang 黄huang 赵zhao 吴wu 周zhou 徐xu 孙sun 马ma 朱zhu 胡hu 郭guo 何he 林lin ' +
    '高gao 罗luo 郑zheng 梁liang 谢xie 宋song 唐tang 许xu 韩han 冯feng 邓deng 曹cao',
);

export const otherSurnames = spoken(
  '彭peng 肖xiao 田tian 董dong 袁yuan 潘pan 于yu 蒋jiang 蔡cai 余yu 杜du 叶ye 程cheng 苏su 魏wei 吕lv 丁ding 沈shen ' +
    '姚yao 卢lu 姜jiang 崔cui 钟zhong 谭tan 陆lu 汪wang 范fan 金jin 石shi 廖liao 贾jia 夏xia 韦wei 付fu 方fang 白bai ' +
    '邹zou 孟meng 熊xiong 秦qin 邱qiu 江jiang 尹yin 薛xue 闫yan 段duan 雷lei 侯hou 龙long 史shi 陶tao 黎li 贺he 顾gu ' +
    '毛mao 郝hao 龚gong 邵shao 万wan 钱qian 严yan 武wu 戴dai 莫mo 孔kong 向xiang 汤tang',
);

/** Said differently as a surname than as a word: a directory that spells names by dictionary gets these wrong. */
export const polyphoneSurnames = spoken(
  '单shan 解xie 曾zeng 仇qiu 任ren 查zha 盖ge 翟zhai 朴piao 缪miao 乐yue 区ou 覃qin 冼xian 燕yan 华hua',
);

export const compoundSurnames = spoken(
  '欧阳ouyang 司马sima 上官shangguan 诸葛zhuge 司徒situ 夏侯xiahou 尉迟yuchi 万俟moqi 皇甫huangfu 慕容murong',
);

export const givenFirsts = spoken(
  '建jian 志zhi 文wen 晓xiao 雪xue 海hai 国guo 明ming 春chun 玉yu 永yong 思si 子zi 家jia 嘉jia 雨yu 天tian 俊jun 少shao ' +
    '秀xiu 丽li 美mei 佳jia 慧hui 淑shu 红hong 德de 光guang 世shi 宏hong 新xin 立li 振zhen 卫wei 庆qing 一yi 梓zi 若ruo ' +
    '书shu 景jing 泽ze 浩hao 宇yu 博bo 逸yi 怀huai 长chang 承cheng 启qi 向xiang 素su 亚ya 广guang 兴xing 静jing 乐le',
);

export const givenSeconds = spoken(
  '伟wei 芳fang 娜na 敏min 静jing 丽li 强qiang 磊lei 军jun 洋yang 勇yong 艳yan 杰jie 娟juan 涛tao 超chao 霞xia 平ping ' +
    '刚gang 辉hui 玲ling 桂gui 英ying 华hua 梅mei 兰lan 燕yan 鹏peng 宁ning 琴qin 云yun 飞fei 凯kai 莉li 峰feng 东dong ' +
    '斌bin 倩qian 波bo 颖ying 成cheng 宾bin 龙long 林lin 晨chen 轩xuan 彤tong 瑞rui 航hang 然ran 怡yi 涵han 欣xin 悦yue ' +
    '萍ping 远yuan 安an 康kang 毅yi 重zhong 行xing 朝chao',
);

/** Written outside the everyday character set, the first six even outside the basic plane of Unicode. */
export const rareGivens = spoken('𬭎hong 𬱖di 𫖮yi 𬀩wei 𫍽xuan 𬤊shi 㛃jie 䶮yan 㭎gang 堃kun 喆zhe 赟yun');

export const englishGivens =
  'James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth Grace Kevin Alice Daniel Helen Peter Susan Eric Nancy Simon Laura Henry Emma Oliver Sophia'.split(
    ' ',
  );

export const foreignGivens = [
  ...englishGivens,
  ...'François Zoë Jürgen Anaïs José Inés Søren Chloé Tomáš Ana Luca Giulia Andrei Olga Amir Leila Thiago Yuki Minh Priya Kofi Noor'.split(
    ' ',
  ),
];

export const foreignSurnames =
  "Smith Johnson Williams Brown Taylor Wilson Clark Walker O'Connor Müller Dubois Núñez García Rossi Novák Ivanov Petrova Nguyễn Haddad Tanaka Okafor Silva Björk Kowalska Van-Dijk Sharma Mensah Lindqvist".split(
    ' ',
  );

/** Names in Chinese characters that do not divide into one surname and one or two characters. */
export const transcribedNames = spoken(
  '买买提·艾力memet.eli 阿依古丽·吐尔逊aygul.tursun 艾山江·热合曼hesenjan.rahman 古丽娜尔·阿不都gulnar.abdu 扎西顿珠zhaxidunzhu ' +
    '次仁卓玛cirenzhuoma 巴特尔bateer 乌兰其其格wulanqiqige 哈斯巴根hasibagen 玛依拉·叶尔兰mayra.yerlan',
);

function spoken(table: string): Spoken[] {
  return table.split(' ').map((word) => {
    const start = word.search(/[a-z]/);
    return { written: word.slice(0, start), latin: word.slice(start) };
  });
}
