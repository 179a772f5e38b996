import 'reflect-metadata';
import { Command } from 'commander';
import { StartError, version } from '#platform';
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

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
