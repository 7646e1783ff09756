// Prints the closing line of .ci/run from vitest's own report: N passed, N failed, N skipped.
import { readFileSync } from 'node:fs';

const [path] = process.argv.slice(2);
try {
  const report = JSON.parse(readFileSync(path, 'utf8'));
  const skipped = report.numPendingTests + report.numTodoTests;
  // A file that cannot even be loaded fails no test: count it all the same.
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  console.log(
    `${report.numPassedTests} passed, ${report.numFailedTests + broken} failed, ${skipped} skipped`,
  );
} catch (error) {
  console.error(`There is no vitest report to count (${error.message}).`);
  console.log('0 passed, 1 failed, 0 skipped');
  process.exit(1);
}
