// `npm run test:desktop`: the desktop app in a real Electron under a virtual display.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { bringDesktop } from './bring-desktop.mjs';
import { findNode, root } from './setup.mjs';

const { prefix, environment } = await bringDesktop();
const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', join(root, 'test/shell/vitest.config.ts')];
const [program, ...args] = [...prefix, findNode(), ...vitest, ...process.argv.slice(2)];
const { status } = spawnSync(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: environment });
process.exit(status ?? 1);
