// `npm run smoke:desktop`: the real Electron app on a temporary profile under a virtual display. The last line is JSON.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { bringDesktop } from './bring-desktop.mjs';
import { findNode, root } from './setup.mjs';

const { prefix, environment } = await bringDesktop();
const [program, ...args] = [...prefix, findNode(), join(root, 'scripts/smoke-desktop/drive-app.mjs')];
const { status } = spawnSync(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: environment });
process.exit(status ?? 1);
