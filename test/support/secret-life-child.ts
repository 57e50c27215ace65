/** Run by tests as a process of its own, in a keychain session of their choice: `secret-life-child.ts DATA_DIR CANARIES_JSON OUT [VAULT]`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { liveWithSecrets } from './secret-life.ts';

const [dataDir = '', canaries = '', out = '', vault] = process.argv.slice(2);
const session = ['DBUS_SESSION_BUS_ADDRESS', 'XDG_RUNTIME_DIR', 'XDG_DATA_HOME'].flatMap((name): [string, string][] => {
  const value = process.env[name];
  return value === undefined ? [] : [[name, value]];
});
const environment = { ...Object.fromEntries(session), ...(vault === undefined ? {} : { TOLLGATE_VAULT: vault }) };
writeFileSync(out, JSON.stringify(await liveWithSecrets(dataDir, JSON.parse(readFileSync(canaries, 'utf8')), environment)));
