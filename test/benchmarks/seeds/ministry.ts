import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

const surnames = [
  ...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任',
  '欧阳',
];
const given = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红玲建国文辉力鹏飞雪梅宇浩凯健俊帆'];
const units = ['司', '处', '科', '室', '组', '局', '办公室', '中心'];

export interface Ministry {
  people: number;
  departments: number;
}

/** Of the first of the people, the only one who signs in. */
export const ministryPassword = 'ministry';

const branches = 6;

/** A tree of departments, people evenly in all of them, as LDIF for `slapadd`. */
export async function writeMinistry(
  file: string,
  base: string,
  { people, departments }: Ministry,
): Promise<void> {
  const output = createWriteStream(file);
  const write = async (text: string) => {
    if (!output.write(text)) await once(output, 'drain');
  };
  await write(unit(`ou=ministry,${base}`, 'ministry'));
  for (let n = 0; n < departments; n += 1) await write(unit(departmentDn(n, base), departmentName(n)));
  for (let n = 0; n < people; n += 1) await write(person(n, base, departments));
  output.end();
  await once(output, 'close');
}

export const personDn = (n: number, base: string, departments: number): string =>
  `uid=u${n},${departmentDn(n % departments, base)}`;

const departmentName = (n: number) => `${given[n % given.length]}${units[n % units.length]}${n}`;

function departmentDn(n: number, base: string): string {
  const above = n === 0 ? `ou=ministry,${base}` : departmentDn(Math.floor((n - 1) / branches), base);
  return `ou=${departmentName(n)},${above}`;
}

const unit = (dn: string, name: string) =>
  `${line('dn', dn)}objectClass: organizationalUnit\n${line('ou', name)}\n`;

function person(n: number, base: string, departments: number): string {
  const name = `${surnames[(n * 7) % surnames.length]}${given[n % given.length]}${given[Math.floor(n / 41) % given.length]}`;
  const manager = n === 0 ? '' : line('manager', personDn(Math.floor(n / 10), base, departments));
  return (
    `${line('dn', personDn(n, base, departments))}objectClass: inetOrgPerson\nuid: u${n}\n` +
    `${line('cn', name)}${line('sn', name)}${line('displayName', name)}${line('title', units[n % units.length]!)}` +
    `mail: u${n}@ministry.test\nemployeeNumber: ${100_000 + n}\nmobile: 139${String(n).padStart(8, '0')}\n` +
    `telephoneNumber: 010-${String(n).padStart(6, '0')}\n${manager}${n === 0 ? line('userPassword', ministryPassword) : ''}\n`
  );
}

/** Values beyond ASCII are written in base64 (RFC 2849). */
const line = (name: string, value: string) => `${name}:: ${Buffer.from(value).toString('base64')}\n`;
