import 'reflect-metadata';
import { Command } from 'commander';
import { StartError, version } from '#platform';
import { directoryStatus, syncDirectory } from './directory.js';
import { checkFiles, tidyFiles } from './files.js';
import { doctor } from './doctor.js';
import { loadTokens } from './load-tokens.js';
import { restored } from './restored.js';

const program = new Command('chancery').description('Tools for whoever runs Chancery').version(version);

program
  .command('load-tokens')
  .description(
    'Print the token of one real session per person, one a line, valid 24 h; for load tests on demo data only',
  )
  .requiredOption('--count <n>', 'how many people', Number)
  .action((options: { count: number }) => loadTokens(options.count));

program
  .command('doctor')
  .description(
    'Look at everything the promise stands on, and say what is not right; exit code 1 where something is not',
  )
  .action(async () => {
    if (!(await doctor())) process.exitCode = 1;
  });

program
  .command('restored')
  .description(
    'To be run once after the database was put back to an earlier point, before anybody is let in again',
  )
  .action(restored);

const directory = program
  .command('directory')
  .description('The directories that people come from')
  .addHelpText(
    'after',
    `
Exit codes: 0 everything is right; 1 a directory could not be read, and nobody was changed; 2 a guard stops a plan,
which waits for a second person; 3 another process is synchronising.`,
  );

directory
  .command('sync')
  .description('Read every directory now, take it over, and say what has changed')
  .option('--dry-run', 'only say what would change; paused directories too')
  .action(async (options: { dryRun?: boolean }) => {
    process.exitCode = await syncDirectory(options);
  });

directory
  .command('status')
  .description(
    'Say how each directory stands: its last run, its last look for changes, and how far it was read',
  )
  .action(async () => {
    process.exitCode = await directoryStatus();
  });

const files = program.command('files').description('Look after stored files');

files
  .command('check')
  .description('Compare database and object store in both directions; exit code 1 where they differ')
  .action(async () => {
    if (!(await checkFiles())) process.exitCode = 1;
  });

files
  .command('tidy')
  .description('Show what could be removed: files that were never sent, and objects that are nobody’s')
  .option('--unsent-days <n>', 'days after which a file that was not sent is given up', Number, 30)
  .option('--apply', 'remove what is shown', false)
  .action(tidyFiles);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
