import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFakeUpstream } from '../support/fake-upstream.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';

describe('model servers on this machine', () => {
  let tollgate: TestGateway;
  let closed: string;

  beforeAll(async () => {
    const upstream = await openFakeUpstream();
    const gone = await openFakeUpstream();
    closed = `${gone.origin}/v1`;
    await gone.close();
    tollgate = await openTestGateway({
      upstream,
      providers: [
        { id: 'ollama', baseUrl: `${upstream.origin}/v1` },
        { id: 'lmstudio', baseUrl: closed },
        { id: 'llamacpp', baseUrl: closed },
        { id: 'vllm', baseUrl: closed },
      ],
    });
  });
  afterAll(async () => {
    await tollgate.close();
    await tollgate.upstream.close();
  });

  it('finds the one that answers, and says how to call it', async () => {
    const { items } = (await tollgate.admin('/admin/local-servers')) as { items: { id: string; models: string[] }[] };
    expect(items.map(({ id }) => id)).toEqual(['ollama']);
    expect(items[0]?.models.length).toBeGreaterThan(0);
  });

  it('needs no key for it, and keeps none', async () => {
    const reply = await tollgate.post('/v1/chat/completions', { model: 'ollama/llama3.2', messages: [{ role: 'user', content: 'hi' }] });
    expect(reply.status).toBe(200);
    expect(tollgate.upstream.last().header('authorization')).toBeNull();
    expect(await tollgate.readCall(reply)).toMatchObject({ provider: 'ollama', model: 'llama3.2', costNanoUsd: 0 });
  });
});
