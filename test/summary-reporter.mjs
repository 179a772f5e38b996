import { writeFileSync } from 'node:fs';
import { describePeers } from '../tools/peers.mjs';

/**
 * Ends a run with one plain line that any CI can read: `N passed, N failed`. Where another run follows, this one leaves
 * its numbers in the file CHANCERY_TEST_TALLY, and the last one is given them in CHANCERY_TEST_BEFORE.
 */
export default class SummaryReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites }) {
    const before = JSON.parse(process.env.CHANCERY_TEST_BEFORE ?? '{"passed":0,"failed":0,"skipped":0}');
    const passed = before.passed + numPassedTests;
    const failed = before.failed + numFailedTests + numRuntimeErrorTestSuites;
    const skipped = before.skipped + numPendingTests;
    const tally = process.env.CHANCERY_TEST_TALLY;
    if (tally) return writeFileSync(tally, JSON.stringify({ passed, failed, skipped }));
    const lines = [
      ...(skipped > 0 ? [`${skipped} skipped`] : []),
      describePeers(),
      `${passed} passed, ${failed} failed`,
    ];
    return process.once('exit', () => process.stdout.write(`${lines.join('\n')}\n`));
  }
}
