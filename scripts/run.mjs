// `npm start` and `npm run serve -- …`: sets up what is missing, then runs the gateway in this terminal.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, findNode, installDependencies, projectEnvironment, readGatewayProcess, root } from './setup.mjs';

const args = process.argv.slice(2);
installDependencies();
build();
const { nodeArguments, environment } = readGatewayProcess();
const child = spawn(findNode(), [...nodeArguments, join(root, 'out/main/cli.js'), ...args], {
  stdio: 'inherit',
  env: { ...environment, ...projectEnvironment() },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
