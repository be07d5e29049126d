const NEEDS = / \(needs ([\w-]+)\)$/;

/**
 * Prints the totals as the last line of the run, and before it the tests skipped because a program is missing: at exit,
 * because Jest's own summary comes after every other reporter.
 */
module.exports = class CountReporter {
  onRunComplete(_contexts, results) {
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites, testResults } = results;
    process.once('exit', () => {
      for (const [program, titles] of skippedFor(testResults)) {
        process.stdout.write(`\n${program} is missing on this machine, so that these tests were skipped:\n`);
        for (const title of titles) process.stdout.write(`  ${title}\n`);
      }
      const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
      process.stdout.write(
        `\n${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed${skipped}\n`,
      );
    });
  }
};

/** The skipped tests, by the program named in their title or in that of their group. */
function skippedFor(testFiles) {
  const titles = new Map();
  for (const { ancestorTitles, title, status } of testFiles.flatMap(({ testResults }) => testResults)) {
    const [, program] = NEEDS.exec(ancestorTitles[0] ?? title) ?? [];
    if (status !== 'pending' || program === undefined) continue;
    const name = [...ancestorTitles, title].map((text) => text.replace(NEEDS, '')).join(' ');
    titles.set(program, [...(titles.get(program) ?? []), name]);
  }
  return titles;
}
