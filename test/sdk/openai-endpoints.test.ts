import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { speechBytes } from '../support/fake-upstream/default-answers.ts';
import { answerText, costs, figures } from '../support/fake-upstream/figures.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';

let tollgate: TestGateway;
let openai: OpenAI;

beforeAll(async () => {
  tollgate = await openTestGateway();
  openai = new OpenAI({ apiKey: tollgate.key, baseURL: `${tollgate.url}/v1`, maxRetries: 0 });
});
afterAll(() => tollgate.close());
beforeEach(() => tollgate.upstream.reset());

describe('embeddings', () => {
  const vectors = [
    [0, -0.5, 1],
    [1, -0.5, 1],
  ];

  it('of OpenAI pass unchanged, the silent base64 included', async () => {
    const { data, response } = await openai.embeddings.create({ model: 'text-embedding-3-small', input: ['a', '北京😀'] }).withResponse();
    expect(data.data.map(({ embedding }) => embedding)).toEqual(vectors);
    expect(tollgate.upstream.last().json()).toMatchObject({ encoding_format: 'base64' });
    expect(await tollgate.readCall(response)).toMatchObject({
      endpoint: 'embeddings',
      conversion: 'unchanged',
      usage: { inputUncached: 500 },
      costNanoUsd: costs['text-embedding-3-small'],
    });
  });

  it.each([undefined, 'float', 'base64'] as const)('of Gemini are translated (encoding %s)', async (encoding_format) => {
    const request = { model: 'gemini-embedding-001', input: ['a', 'b'], ...(encoding_format === undefined ? {} : { encoding_format }) };
    const { data, response } = await openai.embeddings.create(request).withResponse();
    const expected = vectors.map((vector) =>
      encoding_format === 'base64' ? Buffer.from(new Float32Array(vector).buffer).toString('base64') : vector,
    );
    expect(data.data.map(({ embedding }) => embedding)).toEqual(expected);
    expect(data.model).toBe('gemini-embedding-001');
    expect(tollgate.upstream.last().path).toBe('/gemini/v1beta/models/gemini-embedding-001:batchEmbedContents');
    expect(await tollgate.readCall(response)).toMatchObject({
      provider: 'gemini',
      endpoint: 'embeddings',
      conversion: 'translated',
      status: 'ok',
    });
  });
});

describe('models', () => {
  it('are listed under the names that reach them', async () => {
    const ids = (await Array.fromAsync(await openai.models.list())).map(({ id }) => id);
    expect(ids).toEqual(
      expect.arrayContaining(['gpt-5.4-mini', 'claude-sonnet-4-6', 'gemini-2.5-flash', 'grok-4', 'llama3.2', 'demo/echo']),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('can be asked for one by one', async () => {
    expect(await openai.models.retrieve('claude-sonnet-4-6')).toMatchObject({
      id: 'claude-sonnet-4-6',
      object: 'model',
      owned_by: 'anthropic',
    });
    await expect(openai.models.retrieve('nonsense')).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  });
});

describe('responses', () => {
  const usage = { inputUncached: 60, inputCacheRead: 40, outputText: 12, outputReasoning: 8 };
  const row = {
    endpoint: 'responses',
    callerDialect: 'openai-responses',
    conversion: 'unchanged',
    provider: 'openai',
    usage,
    costNanoUsd: costs['gpt-5.4-mini'],
  };

  it('pass whole and unchanged', async () => {
    const { data, response } = await openai.responses.create({ model: 'gpt-5.4-mini', input: 'hi' }).withResponse();
    expect(data.output_text).toBe(answerText);
    expect(await tollgate.readCall(response)).toMatchObject({ ...row, stream: false, responseId: 'resp_fake1' });
  });

  it('S16, T21: pass as a stream, metered', async () => {
    const { data, response } = await openai.responses.create({ model: 'gpt-5.4-mini', input: 'hi', stream: true }).withResponse();
    const events = await Array.fromAsync(data);
    expect(events.at(0)?.type).toBe('response.created');
    expect(events.at(-1)).toMatchObject({ type: 'response.completed', response: { usage: figures.responses } });
    expect(await tollgate.readCall(response)).toMatchObject({ ...row, stream: true, status: 'ok' });
  });

  it('pass tools and their calls', async () => {
    const tools = ['weather', 'news'].map((name) => ({ type: 'function' as const, name, parameters: { type: 'object' }, strict: false }));
    const { output } = await openai.responses.create({ model: 'gpt-5.4-mini', input: '[tools]', tools });
    expect(output.map((item) => (item.type === 'function_call' ? [item.name, item.arguments] : item.type))).toEqual([
      ['weather', '{"city":"北京😀"}'],
      ['news', '{"city":"Oslo"}'],
    ]);
  });

  it('made earlier are fetched, cancelled and deleted without being paid for again', async () => {
    tollgate.upstream.enqueue({ body: { id: 'resp_1', object: 'response', status: 'completed', output: [], usage: figures.responses } });
    const { response } = await openai.responses.retrieve('resp_1').withResponse();
    expect(tollgate.upstream.last()).toMatchObject({ method: 'GET', path: '/openai/v1/responses/resp_1' });
    expect(await tollgate.readCall(response)).toMatchObject({
      status: 'ok',
      costNanoUsd: 0,
      costSource: 'free',
      usage: { inputUncached: null },
    });
    tollgate.upstream.enqueue({ body: { id: 'resp_1', object: 'response', status: 'cancelled', output: [] } }, { body: {} });
    await openai.responses.cancel('resp_1');
    expect(tollgate.upstream.last()).toMatchObject({ method: 'POST', path: '/openai/v1/responses/resp_1/cancel' });
    await openai.responses.delete('resp_1');
    expect(tollgate.upstream.last()).toMatchObject({ method: 'DELETE', path: '/openai/v1/responses/resp_1' });
  });
});

describe('what passes without being understood', () => {
  it('completions, whole and streamed', async () => {
    const { data, response } = await openai.completions.create({ model: 'gpt-3.5-turbo-instruct', prompt: 'hi' }).withResponse();
    expect(data.choices[0]?.text).toBe(answerText);
    expect(await tollgate.readCall(response)).toMatchObject({
      endpoint: 'completions',
      conversion: 'unchanged',
      usage: { outputText: 12 },
    });
    const stream = await openai.completions.create({ model: 'gpt-3.5-turbo-instruct', prompt: 'hi', stream: true });
    const chunks = await Array.fromAsync(stream);
    expect(chunks.map(({ choices }) => choices[0]?.text).join('')).toBe(answerText);
  });

  it('images', async () => {
    const { data, response } = await openai.images.generate({ model: 'dall-e-3', prompt: 'a cat' }).withResponse();
    expect(data.data?.[0]?.b64_json).toMatch(/^iVBOR/);
    expect(await tollgate.readCall(response)).toMatchObject({ endpoint: 'images', status: 'ok', conversion: 'unchanged' });
  });

  it('an image to edit, byte for byte in its form', async () => {
    const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0xff]);
    await openai.images.edit({ model: 'gpt-image-1', image: await toFile(bytes, 'cat.png', { type: 'image/png' }), prompt: 'a hat' });
    const { body, path } = tollgate.upstream.last();
    expect(path).toBe('/openai/v1/images/edits');
    expect(body.includes(bytes)).toBe(true);
  });

  it('speech, as bytes', async () => {
    const response = await openai.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'hi' });
    expect(Buffer.from(await response.arrayBuffer())).toEqual(speechBytes);
    expect(await tollgate.readCall(response)).toMatchObject({ endpoint: 'audio', status: 'ok' });
  });

  it('a transcription, its model renamed inside the form', async () => {
    const file = await toFile(speechBytes, 'a.mp3');
    expect(await openai.audio.transcriptions.create({ model: 'openai/whisper-1', file })).toMatchObject({ text: answerText });
    const { body } = tollgate.upstream.last();
    expect(body.includes(speechBytes)).toBe(true);
    expect(body.toString('latin1')).toMatch(/name="model"\r\n\r\nwhisper-1\r\n/);
  });

  it('moderations, which need not name a model', async () => {
    const { data, response } = await openai.moderations.create({ input: 'hi' }).withResponse();
    expect(data.results[0]?.flagged).toBe(false);
    expect(await tollgate.readCall(response)).toMatchObject({ endpoint: 'moderations', provider: 'openai', status: 'ok' });
  });
});

describe('errors are the SDK’s own classes', () => {
  const ask = (model = 'gpt-5.4-mini') => openai.chat.completions.create({ model, messages: [{ role: 'user', content: 'x' }] });

  it.each([
    [400, OpenAI.BadRequestError],
    [401, OpenAI.AuthenticationError],
    [403, OpenAI.PermissionDeniedError],
    [404, OpenAI.NotFoundError],
    [422, OpenAI.UnprocessableEntityError],
    [429, OpenAI.RateLimitError],
  ])('%d of OpenAI', async (status, type) => {
    const error = { message: 'as OpenAI says it', type: 'some_type', code: 'some_code', param: 'some_param' };
    tollgate.upstream.enqueue({ status, body: { error }, headers: { 'x-request-id': 'req_upstream' } });
    const thrown = await ask().catch((cause: unknown) => cause);
    expect(thrown).toBeInstanceOf(type);
    expect(thrown).toMatchObject({ status, type: 'some_type', code: 'some_code', param: 'some_param', requestID: 'req_upstream' });
  });

  it.each([
    [400, 'invalid_request_error', OpenAI.BadRequestError],
    [401, 'authentication_error', OpenAI.AuthenticationError],
    [403, 'permission_error', OpenAI.PermissionDeniedError],
    [404, 'not_found_error', OpenAI.NotFoundError],
    [429, 'rate_limit_error', OpenAI.RateLimitError],
    [529, 'overloaded_error', OpenAI.InternalServerError],
  ])('%d of Anthropic, translated', async (status, type, expected) => {
    tollgate.upstream.answerAll({ status, body: { type: 'error', error: { type, message: 'as Anthropic says it' } } });
    const thrown = await ask('claude-sonnet-4-6').catch((cause: unknown) => cause);
    expect(thrown).toBeInstanceOf(expected);
    expect((thrown as Error).message).toContain('as Anthropic says it');
  });

  it('our own: no key, unknown model, no messages', async () => {
    const stranger = new OpenAI({ apiKey: 'sk-someone-elses-key-000000', baseURL: `${tollgate.url}/v1`, maxRetries: 0 });
    await expect(stranger.chat.completions.create({ model: 'gpt-5', messages: [] })).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    await expect(ask('nonsense')).rejects.toMatchObject({ status: 404, code: 'model_not_found', param: 'model' });
    await expect(openai.chat.completions.create({ model: 'gpt-5', messages: [] })).rejects.toMatchObject({
      status: 400,
      param: 'messages',
    });
  });

  it('retries are the SDK’s when it retries: the gateway adds none of its own', async () => {
    const patient = new OpenAI({ apiKey: tollgate.key, baseURL: `${tollgate.url}/v1`, maxRetries: 2 });
    tollgate.upstream.answerAll({ status: 503, body: { error: { message: 'busy' } }, headers: { 'retry-after-ms': '1' } });
    await expect(patient.chat.completions.create({ model: 'gpt-5', messages: [{ role: 'user', content: 'x' }] })).rejects.toMatchObject({
      status: 503,
    });
    expect(tollgate.upstream.requests).toHaveLength(3);
  });
});
