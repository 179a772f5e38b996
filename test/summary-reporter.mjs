/** Ends a run with one plain line that any CI can read: `N passed, N failed`. */
export default class SummaryReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const line = [`${results.numPassedTests} passed`, `${failed} failed`];
    if (results.numPendingTests > 0) line.push(`${results.numPendingTests} skipped`);
    process.once('exit', () => process.stdout.write(`${line.join(', ')}\n`));
  }
}
