import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { figures } from '../support/fake-upstream/figures.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';

let tollgate: TestGateway;
beforeAll(async () => {
  tollgate = await openTestGateway();
});
afterAll(() => tollgate.close());
beforeEach(() => tollgate.upstream.reset());

const ask = (model: string, more: object = {}) =>
  tollgate.post('/v1/chat/completions', { model, messages: [{ role: 'user', content: 'x' }], ...more });

describe('finish reasons are OpenAI’s', () => {
  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['pause_turn', 'stop'],
    ['refusal', 'content_filter'],
    ['something_new', 'stop'],
  ])('T20: %s of Claude', async (stop_reason, expected) => {
    const content = [{ type: 'text', text: 'a' }];
    tollgate.upstream.enqueue({
      body: { id: 'm', type: 'message', role: 'assistant', model: 'c', content, stop_reason, usage: figures.anthropic },
    });
    const reply = await ask('claude-sonnet-4-6');
    const { finish_reason } = reply.json<{ choices: { finish_reason: string }[] }>().choices[0]!;
    expect(finish_reason).toBe(expected);
    expect((await tollgate.readCall(reply)).status).toBe('ok');
  });

  it.each([
    ['STOP', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['SAFETY', 'content_filter'],
    ['RECITATION', 'content_filter'],
    ['MODEL_ARMOR', 'content_filter'],
    ['MALFORMED_FUNCTION_CALL', 'stop'],
  ])('T20: %s of Gemini', async (finishReason, expected) => {
    const candidates = [{ content: { role: 'model', parts: [{ text: 'a' }] }, finishReason }];
    tollgate.upstream.enqueue({ body: { candidates, usageMetadata: figures.gemini, responseId: 'g' } });
    const reply = await ask('gemini-2.5-flash');
    expect(reply.json()).toMatchObject({ choices: [{ finish_reason: expected }] });
  });

  it('a prompt that Gemini blocked is an answer with a reason, not a crash', async () => {
    tollgate.upstream.enqueue({
      body: { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 3, totalTokenCount: 3 } },
    });
    const reply = await ask('gemini-2.5-flash');
    expect(reply.status).toBe(200);
    expect(reply.json()).toMatchObject({ choices: [{ finish_reason: 'content_filter' }] });
  });
});

describe('T15: every call has its row', () => {
  it.each([400, 401, 402, 404, 429, 500, 503])('a %d of the provider', async (status) => {
    tollgate.upstream.answerAll({ status, body: { type: 'error', error: { type: 'api_error', message: 'no' } } });
    for (const path of ['/v1/chat/completions', '/v1/messages']) {
      const reply = await tollgate.post(path, { model: 'claude-sonnet-4-6', max_tokens: 9, messages: [{ role: 'user', content: 'x' }] });
      expect(await tollgate.readCall(reply)).toMatchObject({
        status: 'error',
        httpStatus: reply.status,
        error: { message: 'no', providerType: 'api_error' },
      });
    }
  });

  it('a stream without usage', async () => {
    tollgate.upstream.enqueue({
      chunks: ['data: {"id":"c","choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'],
    });
    const reply = await ask('gpt-5.4-mini', { stream: true });
    expect(await tollgate.readCall(reply)).toMatchObject({ status: 'ok', costNanoUsd: null, costSource: 'unknown' });
  });

  it('an unknown model, a body that is no JSON, an empty chat', async () => {
    for (const body of [{ model: 'nonsense', messages: [1] }, '{"model":', { model: 'gpt-5.4-mini', messages: [] }]) {
      const reply = await tollgate.post('/v1/chat/completions', body);
      expect(await tollgate.readCall(reply)).toMatchObject({ status: 'error', httpStatus: reply.status, provider: null });
    }
    expect(tollgate.upstream.requests).toHaveLength(0);
  });

  it('counts in the errors of the spend report', async () => {
    tollgate.upstream.enqueue({ status: 400, body: { error: { message: 'no' } } });
    await tollgate.post(
      '/v1/chat/completions',
      { model: 'gpt-5.4-mini', messages: [{ role: 'user', content: 'x' }] },
      { 'x-tags': 'only:this' },
    );
    const report = await tollgate.admin<{ totals: { calls: number; failed: number } }>('/admin/spend?tag=only:this');
    expect(report.totals).toMatchObject({ calls: 1, failed: 1 });
  });
});

describe('the caller’s dialect, whatever the provider says', () => {
  it('our model name is the one the caller used', async () => {
    for (const model of ['anthropic/claude-sonnet-4-6', 'Gemini/gemini-2.5-flash']) {
      const whole = await ask(model);
      expect(whole.json()).toMatchObject({ model, object: 'chat.completion' });
      const streamed = await ask(model, { stream: true });
      expect(streamed.text).toContain(`"model":${JSON.stringify(model)}`);
    }
  });

  it('a provider that answers HTML or nothing gives a proper error', async () => {
    tollgate.upstream.enqueue({ status: 404, headers: { 'content-type': 'text/html' }, body: '<html><h1>Not here</h1></html>' });
    const html = await ask('claude-sonnet-4-6');
    expect(html.status).toBe(404);
    expect(html.json()).toMatchObject({ error: { message: expect.any(String), type: expect.any(String) } });
    tollgate.upstream.enqueue({ status: 400, body: '' });
    expect((await ask('gpt-5.4-mini')).json()).toMatchObject({ error: { message: expect.any(String) } });
    tollgate.upstream.enqueue({ body: 'not json' });
    const broken = await ask('claude-sonnet-4-6');
    expect(broken.status).toBe(502);
    expect(await tollgate.readCall(broken)).toMatchObject({ status: 'error', errorCode: 'upstream_bad_reply' });
  });

  it('a key the provider refuses is said to be the provider’s, not the caller’s', async () => {
    tollgate.upstream.enqueue({
      status: 401,
      body: { type: 'error', error: { type: 'authentication_error', message: 'invalid x-api-key' } },
    });
    const reply = await ask('claude-sonnet-4-6');
    expect(reply.status).toBe(401);
    expect(reply.text).toMatch(/Anthropic refused the key stored in Tollgate/);
  });
});

it('T22: no key stands in a URL, model lists included', async () => {
  const fresh = await openTestGateway({ upstream: tollgate.upstream });
  await fresh.send('/v1/models');
  await fresh.post(`/v1beta/models/gemini-2.5-flash:generateContent?key=${fresh.key}&x=1`, { contents: [] });
  await fresh.close();
  const paths = tollgate.upstream.requests.map(({ path }) => path);
  expect(paths.some((path) => path.includes('/gemini/v1beta/models'))).toBe(true);
  for (const path of paths) expect(path).not.toMatch(/key=|AIza|tk_test/);
  expect(paths).toContain('/gemini/v1beta/models/gemini-2.5-flash:generateContent?x=1');
});
