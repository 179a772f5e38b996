import 'reflect-metadata';
import { Command } from 'commander';
import { StartError, version } from '#platform';
import { loadTokens } from './load-tokens.js';

const program = new Command('chancery').description('Tools for whoever runs Chancery').version(version);

program
  .command('load-tokens')
  .description(
    'Print the token of one real session per person, one a line, valid 24 h; for load tests on demo data only',
  )
  .requiredOption('--count <n>', 'how many people', Number)
  .action((options: { count: number }) => loadTokens(options.count));

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
