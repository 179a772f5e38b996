import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ToolError } from './command.mjs';
import { root } from './root.mjs';

/** Libraries that stand below the stores or beside the product: they run SQL for everybody or look at it from outside. */
const exempt = ['persistence', 'testing'];

/**
 * SQL stands in stores, where a reviewer looks for it. The rules about imports cannot say this: services, too, are
 * handed the database, to open a transaction for the stores they call.
 */
export function requireSqlInStores() {
  const folder = join(root, 'libs');
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) =>
      path.endsWith('.ts') && !/\.(store|spec)\.ts$/.test(path) && !exempt.includes(path.split('/')[0]),
  );
  const offenders = paths.filter((path) => runsSql(readFileSync(join(folder, path), 'utf8')));
  if (offenders.length === 0) return;
  const lines = offenders.map((path) => `  libs/${path}`);
  throw new ToolError(['SQL outside of stores:', ...lines].join('\n'));
}

function runsSql(source) {
  return /\.(query|prepared)(<[^(]*>)?\(\s*['"`\w]/.test(source);
}
