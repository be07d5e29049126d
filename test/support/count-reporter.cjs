/** Prints the totals as the last line of the run: at exit, because Jest's own summary comes after every other reporter. */
module.exports = class CountReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites }) {
    process.once('exit', () => {
      const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
      process.stdout.write(
        `\n${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed${skipped}\n`,
      );
    });
  }
};
