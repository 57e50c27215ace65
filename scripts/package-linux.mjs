// `npm run package:linux`: the unpacked app and a .deb, packed with the test runtime (scripts/electron-runtime.mjs). It proves
// the packing; it is no release: that one runs the gateway inside the official Electron, from an archive with its integrity
// checked (electron-builder.config.mjs), and is made where GitHub can be reached.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { bringDesktop } from './bring-desktop.mjs';
import { electronVersion } from './electron-runtime.mjs';
import { makeDeb } from './package-linux/make-deb.mjs';
import { findNode, root } from './setup.mjs';

const { environment } = await bringDesktop();
const unpacked = join(root, 'dist/linux-unpacked');
rmSync(unpacked, { recursive: true, force: true });
const overrides = {
  electronDist: environment.ELECTRON_OVERRIDE_DIST_PATH,
  electronVersion,
  // Node runs the gateway here and cannot read an archive.
  asar: false,
  'electronFuses.enableEmbeddedAsarIntegrityValidation': false,
  'electronFuses.onlyLoadAppFromAsar': false,
};
const args = Object.entries(overrides).map(([name, value]) => `-c.${name}=${value}`);
const builder = join(root, 'node_modules/electron-builder/cli.js');
execFileSync(findNode(), [builder, '--linux', 'dir', '--x64', '--publish', 'never', '--config', 'electron-builder.config.mjs', ...args], {
  cwd: root,
  // Standard output is for the paths.
  stdio: ['ignore', 2, 2],
  env: environment,
});
// Left over from the runtime: without it nothing but our app can be started.
rmSync(join(unpacked, 'resources/default_app.asar'), { force: true });
console.log(unpacked);
if (!process.argv.includes('--no-deb')) console.log(makeDeb(unpacked, join(root, 'dist')));
