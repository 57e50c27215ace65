import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCliProcess } from '../support/cli-process.ts';
import { type SpawnedGateway, spawnTestGateway } from '../support/test-gateway.ts';

let gateway: SpawnedGateway;
beforeAll(async () => {
  gateway = await spawnTestGateway();
});
afterAll(() => gateway.close());

/** Nothing listens on port 9. */
const baseUrl = 'http://127.0.0.1:9/v1';

it('a provider whose live test fails is refused by a code of its own, and the command line says how to save it', async () => {
  const args = ['--data-dir', gateway.dataDir, 'provider', 'add', 'away', '--base-url', baseUrl, '--model', 'a', '--no-key'];
  const { code, stderr } = await runCliProcess(args, {});
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /Not saved, because the live test failed: .+[^.]\. To save it all the same, skip the test \(--no-test\)\. \(provider_test_failed\)$/m,
  );

  const body = { id: 'away', baseUrl, models: ['a'] };
  const said = await gateway.admin('/admin/providers', { method: 'POST', body }).catch((error: Error) => error.message);
  expect(said).toMatch(/^POST \/admin\/providers: 400 .*"code":"provider_test_failed"/);
  expect(said).not.toContain('--no-test');
  await gateway.admin('/admin/providers', { method: 'POST', body: { ...body, skipTest: true } });
});
