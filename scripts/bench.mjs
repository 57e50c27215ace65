// `npm run bench -- …`: sets up and builds what is missing, then measures the built program. Options: `npm run bench -- --help`.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, findNode, installDependencies, projectEnvironment, root } from './setup.mjs';

installDependencies();
build();
const child = spawn(findNode(), [join(root, 'test/bench/bench.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: projectEnvironment(),
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
