// `npm test`: everything, from a fresh checkout. The last line is "N passed, N failed".
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, installDependencies } from './setup.mjs';
import { runStep, staticSteps } from './steps.mjs';
import { installSystemPackages } from './system-packages.mjs';

/** These load the machine or watch its clock: one file at a time. */
const alone = ['test/robustness', 'test/security', 'test/e2e'];

installSystemPackages({ desktop: true });
installDependencies();
build();
const scratch = mkdtempSync(join(tmpdir(), 'tollgate-test-'));
const total = { passed: 0, failed: 0 };
for (const [name, command] of staticSteps) runStep(name, command) ? total.passed++ : total.failed++;
runTests(
  'tests',
  alone.flatMap((folder) => ['--exclude', `${folder}/**`]),
);
runTests('robustness, security and the window', ['--no-file-parallelism', ...alone]);
runSuite('the desktop app', ['node', 'scripts/test-desktop.mjs']);
rmSync(scratch, { recursive: true, force: true });
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

/** A suite that broke before its tests, or left no report, counts as a failure. */
function runTests(name, args) {
  runSuite(name, ['vitest', 'run', ...args]);
}

/** @param {string[]} command ends in arguments of vitest */
function runSuite(name, command) {
  const report = join(scratch, `${name}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const passed = runStep(name, [...command, ...reporters], { show: true, timeoutMs: 30 * 60_000 });
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
    total.passed += numPassedTests;
    total.failed += passed ? numFailedTests : Math.max(1, numFailedTests);
  } catch {
    console.log(`${name}: the test runner left no report`);
    total.failed++;
  }
}
