// Stand-in for Electron's own default app: `electron [switches] [-r module] <folder or file>`.
import { existsSync, readFileSync } from 'node:fs';
import Module from 'node:module';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const { required, target } = readArguments(process.argv.slice(1));
if (required.length > 0) Module._preloadModules(required);
if (target === null) {
  console.error('usage: electron [switches] path/to/app');
  process.exit(1);
}
Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true });
const folder = resolve(target);
const manifest = join(folder, 'package.json');
if (existsSync(manifest)) {
  const { version, productName, name } = JSON.parse(readFileSync(manifest, 'utf8'));
  if (version) app.setVersion(version);
  app.name = productName ?? name ?? app.name;
}
const main = Module._resolveFilename(folder, null, true);
app.setAppPath(existsSync(manifest) ? folder : dirname(main));
// Awaited at top level: "ready" waits until the app's main module has run, as in the official build.
await import(pathToFileURL(main).href);

function readArguments(list) {
  const required = [];
  for (let index = 0; index < list.length; index++) {
    const argument = list[index];
    if (argument === '-v' || argument === '--version') {
      console.log(`v${process.versions.electron}`);
      process.exit(0);
    } else if (argument === '-r' || argument === '--require') required.push(list[++index]);
    else if (argument.startsWith('--app=')) return { required, target: argument.slice('--app='.length) };
    else if (!argument.startsWith('-')) return { required, target: argument };
  }
  return { required, target: null };
}
