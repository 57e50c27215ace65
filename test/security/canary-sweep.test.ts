import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unpackBlock } from '../../src-main/store/blocks.ts';
import { openDatabase } from '../../src-main/store/database.ts';
import { listForms, readTree } from '../support/find-bytes.ts';
import { type KeyringState, runInKeyringSession } from '../support/keyring-session.ts';
import { type Canaries, inventCanaries, type LifeReport, sweptMarker } from '../support/secret-life.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const child = join(import.meta.dirname, '../support/secret-life-child.ts');

interface Life {
  canaries: Canaries;
  report: LifeReport;
  /** Everything to be searched: what was said, every file, and what the ledger's blocks hold unpacked. */
  texts: { by: string; bytes: Buffer }[];
}

async function live(state: KeyringState, vault: readonly string[]): Promise<Life> {
  const home = makeTemporaryFolder();
  const dataDir = join(home, 'data', 'tollgate');
  mkdirSync(join(home, 'data'));
  const scratch = makeTemporaryFolder();
  const canaries = inventCanaries();
  const [given, out] = [join(scratch, 'canaries.json'), join(scratch, 'report.json')];
  writeFileSync(given, JSON.stringify(canaries));
  const command = [process.execPath, child, dataDir, given, out, ...vault];
  const { exitCode, stderr } = await runInKeyringSession({ state, home, command, timeoutMs: 120_000 });
  expect(exitCode, stderr).toBe(0);
  const report = JSON.parse(readFileSync(out, 'utf8')) as LifeReport;
  const said = report.said.map(({ by, text }) => ({ by, bytes: Buffer.from(text) }));
  const files = readTree(home).map(({ path, bytes }) => ({ by: path.slice(home.length), bytes }));
  return { canaries, report, texts: [...said, ...files, ...readBlocks(join(dataDir, 'traces.db'))] };
}

function readBlocks(path: string): Life['texts'] {
  const db = openDatabase(path, { readonly: true, synchronous: 'NORMAL' });
  const rows = db.prepare<[], { id: number; kind: number; data: Buffer }>('SELECT id, kind, data FROM blocks').all();
  db.close();
  return rows.map(({ id, kind, data }) => ({ by: `block ${id} of traces.db`, bytes: unpackBlock(kind, data) }));
}

/** Where any form of a secret stands, once for each surrounding: "sk-proj-… in /data/tollgate/config.db: …". */
function findLeaks(secrets: readonly string[], texts: Life['texts']): string[] {
  const leaks = new Map<string, string>();
  for (const secret of secrets) {
    for (const form of listForms(secret)) {
      for (const { by, bytes } of texts) {
        const at = bytes.indexOf(form);
        if (at < 0) continue;
        const around = bytes.subarray(Math.max(0, at - 40), at + 12).toString('latin1');
        leaks.set(around, `${secret.slice(0, 8)}… in ${by}: ${around}`);
      }
    }
  }
  return [...leaks.values()];
}

function listSecrets({ canaries, report }: Life): string[] {
  const { environment, stored, byok } = canaries;
  return [...Object.values(stored), environment.provider, environment.caller, environment.passphrase, byok, ...report.callerKeys];
}

describe('G1, G2: keys of every shape, through a gateway’s whole life', () => {
  it.each([
    { state: 'unlocked', kind: 'keyring', vault: [] },
    { state: 'no-bus', kind: 'file', vault: ['file'] },
  ] as const)(
    'are in no reply, log, file or backup (keychain $state: $kind vault)',
    async ({ state, kind, vault }) => {
      const life = await live(state, vault);
      const { report, texts, canaries } = life;
      expect(report.vaultKind).toBe(kind);
      const secrets = listSecrets(life);
      expect(new Set(secrets).size).toBe(14);
      expect(findLeaks(secrets, texts)).toEqual([]);
      // The keys were in use, and what is searched does hold what was recorded.
      for (const key of [...Object.values(canaries.stored), canaries.environment.provider, canaries.byok])
        expect(report.arrived).toContain(key);
      expect(report.calls).toBeGreaterThan(400);
      const searched = (part: string): boolean => texts.some(({ by }) => by.includes(part));
      expect(
        ['config.db', 'traces.db-wal', 'journal/', 'backups/config-', 'gateway.json', 'admin-token'].filter((part) => !searched(part)),
      ).toEqual([]);
      expect(
        ['provider test openai', 'calls --json', '/bodies', '/metrics', 'events', 'second stderr'].filter((part) => !searched(part)),
      ).toEqual([]);
      expect(texts.filter(({ bytes }) => bytes.includes(sweptMarker)).length).toBeGreaterThan(100);
      expect(texts.filter(({ bytes }) => bytes.includes('[key]') || bytes.includes('[redacted]')).length).toBeGreaterThan(100);
      process.stdout.write(
        `G1: ${report.calls} calls, ${texts.length} texts, ${texts.reduce((sum, { bytes }) => sum + bytes.length, 0)} bytes searched\n`,
      );
    },
    150_000,
  );

  it('negative control: a planted secret is found in each of its forms', () => {
    const [secret = ''] = Object.values(inventCanaries().stored);
    const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('base64url')];
    forms.push(Buffer.from(`user:${secret}`).toString('base64'), Buffer.from(`{"key":"${secret}"}`).toString('base64'));
    for (const form of forms) expect(findLeaks([secret], [{ by: 'x', bytes: Buffer.from(`before ${form} after`) }]), form).not.toEqual([]);
    expect(findLeaks([secret], [{ by: 'x', bytes: Buffer.from('nothing') }])).toEqual([]);
  });
});
