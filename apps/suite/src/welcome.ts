import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join, relative } from 'node:path';
import { version, type Settings } from '#platform';

interface DemoAccount {
  username: string;
  password: string;
  displayName: string;
  role: string;
}

const employeesShown = 2;

/** The screen that greets whoever has started the suite: where it is, who can come in, where the data lies, how to stop. */
export function welcome(
  settings: Settings,
  port: number,
  demo: 'no demo' | 'with passwords' | 'without',
): string {
  const address = addressOf(settings, port);
  const consolePort = settings.ADMIN_PORT ?? port;
  return [
    '',
    `  Chancery 文枢 ${version} is ready.`,
    '',
    `  Web client   ${address}/`,
    `  Console      ${addressOf(settings, consolePort)}/console`,
    `  API          ${address}/api/v1/reference`,
    '',
    ...(demo === 'no demo'
      ? firstAdministrators(settings)
      : demoAccounts(settings, demo === 'with passwords')),
    `  Data         ${settings.CHANCERY_DATA}`,
    `  Stop         Ctrl-C`,
    '',
    '',
  ].join('\n');
}

function demoAccounts(settings: Settings, withPasswords: boolean): string[] {
  const file = join(settings.CHANCERY_DATA, 'demo-accounts.json');
  const accounts = JSON.parse(readFileSync(file, 'utf8')) as DemoAccount[];
  const shown = [
    ...accounts.filter(({ role }) => role === 'employee').slice(0, employeesShown),
    ...accounts.filter(({ role }) => role !== 'employee'),
  ];
  const width = Math.max(...shown.map(({ username }) => username.length));
  return [
    `  Sign in as   (a demo ministry; its passwords are drawn for this installation${withPasswords ? '' : ' and are in the file'})`,
    ...shown.map(
      ({ username, password, displayName, role }) =>
        `    ${username.padEnd(width)}  ${withPasswords ? `${password}  ` : ''}${role === 'employee' ? displayName : `${role} (console)`}`,
    ),
    `    ${withPasswords ? 'everybody else' : 'everybody'}: ${relative(process.cwd(), file) || file}`,
    '',
  ];
}

const firstAdministrators = (settings: Settings): string[] => [
  '  Sign in      employees as in your directory; the administrators’ first passwords are in',
  `               ${join(settings.CHANCERY_DATA, 'first-administrators.json')} until you delete it`,
  '',
];

/** An address a browser can use: the machine's own where the suite listens on all of them. */
function addressOf({ HOST }: Settings, port: number): string {
  if (HOST !== '0.0.0.0' && HOST !== '::') return `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${port}`;
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((one) => one && !one.internal && one.family === 'IPv4');
  return `http://${outside?.address ?? '127.0.0.1'}:${port}`;
}
