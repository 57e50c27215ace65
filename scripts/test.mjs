// `npm test`: everything, from a fresh checkout. The last line is "N passed, N failed".
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, installDependencies } from './setup.mjs';
import { runStep, staticSteps } from './steps.mjs';
import { installSystemPackages } from './system-packages.mjs';

/** These load the machine or watch its clock: one file at a time. */
const alone = ['test/robustness', 'test/security'];

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
runTests('robustness and security', ['--no-file-parallelism', ...alone]);
runEndToEnd();
rmSync(scratch, { recursive: true, force: true });
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

function runTests(name, args) {
  const report = join(scratch, `${name}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  runSuite(name, ['vitest', 'run', ...args, ...reporters], report, {}, (read) => [read.numPassedTests, read.numFailedTests]);
}

/** Both projects in one run. */
function runEndToEnd() {
  const report = join(scratch, 'end-to-end.json');
  const environment = { PLAYWRIGHT_JSON_OUTPUT_FILE: report };
  const command = ['node', 'scripts/test-e2e.mjs', '--reporter=list,json'];
  runSuite('the window and the desktop app', command, report, environment, ({ stats }) => [stats.expected, stats.unexpected + stats.flaky]);
}

/** A suite that broke before its tests, or left no report, counts as a failure. */
function runSuite(name, command, report, environment, count) {
  const ended = runStep(name, command, { show: true, timeoutMs: 30 * 60_000, environment });
  try {
    const [passed, failed] = count(JSON.parse(readFileSync(report, 'utf8')));
    total.passed += passed;
    total.failed += ended ? failed : Math.max(1, failed);
  } catch {
    console.log(`${name}: the test runner left no report`);
    total.failed++;
  }
}
