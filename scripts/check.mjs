// `npm run check`: what every commit must pass, within a minute.
import { installDependencies } from './setup.mjs';
import { runStep, staticSteps } from './steps.mjs';

installDependencies();
const unit = ['vitest', 'run', '--reporter=dot', 'test/architecture', 'test/domain', 'test/dialects'];
const results = [...staticSteps, ['unit tests', unit]].map(([name, command]) => runStep(name, command));
process.exit(results.every(Boolean) ? 0 : 1);
