// `npm test`: everything, from a fresh checkout. The last line is "N passed, N failed".
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, installDependencies } from './setup.mjs';
import { runStep, staticSteps } from './steps.mjs';
import { installSystemPackages } from './system-packages.mjs';

installSystemPackages();
installDependencies();
build();
const scratch = mkdtempSync(join(tmpdir(), 'tollgate-test-'));
const report = join(scratch, 'vitest.json');
let passed = 0;
let failed = 0;
for (const [name, command] of staticSteps) runStep(name, command) ? passed++ : failed++;
runStep('tests', ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)], {
  show: true,
  timeoutMs: 45 * 60_000,
});
try {
  const { numPassedTests, numFailedTests, numFailedTestSuites, success } = JSON.parse(readFileSync(report, 'utf8'));
  passed += numPassedTests;
  failed += Math.max(numFailedTests, success ? 0 : Math.max(1, numFailedTestSuites));
} catch {
  console.log('the test runner left no report');
  failed++;
}
rmSync(scratch, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
