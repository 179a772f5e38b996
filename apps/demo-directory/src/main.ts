import { type Ready, startDirectory } from './demo-directory.js';
import { readSettings } from './settings.js';

const isForked = process.send !== undefined;

// A parent that was killed cannot stop its child, but the channel to it closes all the same.
if (isForked) process.once('disconnect', () => process.exit(0));

try {
  const directory = await startDirectory(readSettings());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void directory.close().finally(() => process.exit(0)));
  }
  if (isForked) report(directory.ready);
  else process.stdout.write(sheet(directory.ready));
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`The demo directory did not start: ${reason}\n`);
  process.exit(1);
}

function report(ready: Ready): void {
  // The parent may have gone while the directory was being built.
  process.send?.(ready, undefined, undefined, (error) => {
    if (error) process.exit(0);
  });
}

function sheet(ready: Ready): string {
  return `${ready.url}
base DN        ${ready.baseDn}
bind DN        ${ready.bindDn}
bind password  ${ready.bindPassword}
`;
}
