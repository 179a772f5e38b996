import { describePeers } from '../tools/peers.mjs';

/** Ends a run with one plain line that any CI can read: `N passed, N failed`. */
export default class SummaryReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites }) {
    const lines = [
      ...(numPendingTests > 0 ? [`${numPendingTests} skipped`] : []),
      describePeers(),
      `${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed`,
    ];
    process.once('exit', () => process.stdout.write(`${lines.join('\n')}\n`));
  }
}
