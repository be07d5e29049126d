/** Prints the totals as the last line of the run: at exit, because Jest's own summary comes after every other reporter. */
module.exports = class CountReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
    process.once('exit', () => {
      process.stdout.write(`\n${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed\n`);
    });
  }
};
