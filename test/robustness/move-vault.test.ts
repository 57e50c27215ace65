import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { type FakeUpstream, openFakeUpstream } from '../support/fake-upstream.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { type SpawnedGateway, spawnTestGateway } from '../support/test-gateway.ts';

const key = 'sk-kept-in-the-vault-0123456789';
const passphrase = 'correct horse battery';
const call = { model: 'kept/llama3.2', messages: [{ role: 'user', content: 'hello' }] };

interface VaultStatus {
  kind: string;
  state: string;
  notice: string | null;
}

async function start(dataDir: string, upstream: FakeUpstream, environment: Record<string, string> = {}): Promise<SpawnedGateway> {
  const gateway = await spawnTestGateway({ dataDir, upstream, environment: { TOLLGATE_VAULT: '', ...environment } });
  onTestFinished(() => void gateway.stop('SIGKILL'));
  return gateway;
}

/** With one key, in a plain file: the last rung of the ladder, so that no keychain of this machine has a part in it. */
async function startWithKey(dataDir: string, upstream: FakeUpstream): Promise<SpawnedGateway> {
  const gateway = await start(dataDir, upstream);
  await move(gateway, { kind: 'file' });
  const body = { id: 'kept', baseUrl: `${upstream.origin}/kept/v1`, dialect: 'openai-chat', models: ['llama3.2'], key, skipTest: true };
  await gateway.admin('/admin/providers', { method: 'POST', body });
  return gateway;
}

const move = (gateway: SpawnedGateway, body: object): Promise<VaultStatus> => gateway.admin('/admin/vault/move', { method: 'POST', body });
const readVault = async (gateway: SpawnedGateway): Promise<VaultStatus> =>
  (await gateway.admin<{ vault: VaultStatus }>('/admin/status')).vault;

async function expectKeyIsUsed(gateway: SpawnedGateway, upstream: FakeUpstream): Promise<void> {
  expect((await gateway.post('/v1/chat/completions', call)).status).toBe(200);
  expect(upstream.last().header('authorization')).toBe(`Bearer ${key}`);
}

it('moves under a passphrase, starts locked, opens with it, and moves back', async () => {
  const dataDir = makeTemporaryFolder();
  const upstream = await openFakeUpstream();
  onTestFinished(() => upstream.close());
  const first = await startWithKey(dataDir, upstream);
  expect(await move(first, { kind: 'passphrase', passphrase })).toMatchObject({ kind: 'passphrase', state: 'open' });
  expect(existsSync(join(dataDir, 'vault.key'))).toBe(false);
  expect(statSync(join(dataDir, 'vault-passphrase.json')).mode & 0o777).toBe(0o600);
  await expectKeyIsUsed(first, upstream);
  await first.stop();

  const second = await start(dataDir, upstream);
  expect(await readVault(second)).toMatchObject({ kind: 'passphrase', state: 'locked' });
  expect((await second.post('/v1/chat/completions', call)).status).toBe(503);
  await expect(move(second, { kind: 'file' })).rejects.toThrow(/503.*stay where they are/);
  const unlock = (text: string): Promise<VaultStatus> =>
    second.admin('/admin/vault/unlock', { method: 'POST', body: { passphrase: text } });
  await expect(unlock('wrong horse battery')).rejects.toThrow(/503.*passphrase is wrong/);
  expect(await unlock(passphrase)).toMatchObject({ state: 'open' });
  await expectKeyIsUsed(second, upstream);
  expect(await move(second, { kind: 'file' })).toMatchObject({ kind: 'file', state: 'open' });
  expect(existsSync(join(dataDir, 'vault-passphrase.json'))).toBe(false);
  await second.stop();
  await expectKeyIsUsed(await start(dataDir, upstream), upstream);
  for (const gateway of [first, second]) expect(gateway.stderr()).not.toMatch(/horse/);
});

it('leaves the place alone that TOLLGATE_VAULT names', async () => {
  const upstream = await openFakeUpstream();
  onTestFinished(() => upstream.close());
  const gateway = await start(makeTemporaryFolder(), upstream, { TOLLGATE_VAULT: 'file' });
  await expect(move(gateway, { kind: 'passphrase', passphrase })).rejects.toThrow(/409.*TOLLGATE_VAULT=file/);
});

it('opens again wherever a kill cut the move off', async () => {
  const dataDir = makeTemporaryFolder();
  const upstream = await openFakeUpstream();
  onTestFinished(() => upstream.close());
  let gateway = await startWithKey(dataDir, upstream);
  const places = new Set<string>();
  for (let round = 0; round < 10; round++) {
    const isFile = (await readVault(gateway)).kind === 'file';
    void move(gateway, isFile ? { kind: 'passphrase', passphrase } : { kind: 'file' }).catch(() => {});
    // Sealing under a passphrase takes about half a second, moving to a file a few milliseconds.
    await pause(isFile ? 150 * round : round);
    await gateway.stop('SIGKILL');
    gateway = await start(dataDir, upstream, { TOLLGATE_PASSPHRASE: passphrase });
    const { kind, state } = await readVault(gateway);
    places.add(kind);
    expect(existsSync(join(dataDir, 'vault.key'))).toBe(kind === 'file');
    expect(state).toBe('open');
    await expectKeyIsUsed(gateway, upstream);
  }
  expect([...places].sort()).toEqual(['file', 'passphrase']);
  expect(readFileSync(join(dataDir, 'config.db')).includes(key)).toBe(false);
}, 60_000);
