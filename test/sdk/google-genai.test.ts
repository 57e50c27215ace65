import { ApiError, GoogleGenAI } from '@google/genai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerText, costs, figures, signatures } from '../support/fake-upstream/figures.ts';
import { openTestGateway, type TestGateway, upstreamKeys } from '../support/test-gateway.ts';

let tollgate: TestGateway;
let google: GoogleGenAI;

beforeAll(async () => {
  tollgate = await openTestGateway();
  google = new GoogleGenAI({ apiKey: tollgate.key, httpOptions: { baseUrl: tollgate.url } });
});
afterAll(() => tollgate.close());
beforeEach(() => tollgate.upstream.reset());

const model = 'gemini-2.5-flash';
const row = {
  provider: 'gemini',
  callerDialect: 'gemini-generate',
  conversion: 'unchanged',
  status: 'ok',
  requestedModel: model,
  client: 'google-genai-sdk',
};
const metered = { usage: { inputUncached: 20, inputCacheRead: 100, outputText: 14, outputReasoning: 6 }, costNanoUsd: costs[model] };

async function readLastCall() {
  const { items } = await tollgate.admin<{ items: { id: string }[] }>('/admin/calls?limit=1');
  return tollgate.readCall(items[0]!.id);
}

describe('google genai SDK', () => {
  it('answers whole, with the gateway’s key upstream', async () => {
    const response = await google.models.generateContent({ model, contents: 'Hello 北京😀' });
    expect(response.text).toBe(answerText);
    expect(response.usageMetadata).toEqual(figures.gemini);
    expect(await readLastCall()).toMatchObject({
      ...row,
      ...metered,
      stream: false,
      endpoint: 'gemini-generate',
      responseId: 'gemini_fake1',
    });
    const sent = tollgate.upstream.last();
    expect(sent.path).toBe(`/gemini/v1/models/${model}:generateContent`);
    expect(sent.header('x-goog-api-key')).toBe(upstreamKeys.GEMINI_API_KEY);
    expect(JSON.stringify(sent.rawHeaders)).not.toContain(tollgate.key);
  });

  it('S16, T3: streams, metered with its thoughts', async () => {
    const chunks = await Array.fromAsync(await google.models.generateContentStream({ model, contents: 'Hello' }));
    expect(chunks.map(({ text }) => text ?? '').join('')).toBe(answerText);
    expect(chunks.at(-1)?.usageMetadata).toEqual(figures.gemini);
    expect(await readLastCall()).toMatchObject({ ...row, ...metered, stream: true });
  });

  it('calls tools, signatures untouched', async () => {
    const functionDeclarations = ['weather', 'news'].map((name) => ({
      name,
      parametersJsonSchema: { type: 'object', properties: { city: { type: 'string' } } },
    }));
    const response = await google.models.generateContent({
      model: 'gemini-3-flash-preview',
      contents: '[tools]',
      config: { tools: [{ functionDeclarations }] },
    });
    expect(response.functionCalls?.map(({ name, args }) => [name, args])).toEqual([
      ['weather', { city: '北京😀' }],
      ['news', { city: 'Oslo' }],
    ]);
    expect(response.candidates?.[0]?.content?.parts?.[0]?.thoughtSignature).toBe(signatures.gemini);
  });

  it('counts tokens', async () => {
    expect((await google.models.countTokens({ model, contents: 'Hello' })).totalTokens).toBe(17);
    expect(await readLastCall()).toMatchObject({ ...row, endpoint: 'gemini-count', usage: { inputUncached: null } });
  });

  it('embeds, its body unchanged', async () => {
    const response = await google.models.embedContent({ model: 'gemini-embedding-001', contents: ['a', 'b'] });
    expect(response.embeddings?.map(({ values }) => values)).toEqual([
      [0, -0.5, 1],
      [1, -0.5, 1],
    ]);
    expect(tollgate.upstream.last().body.toString()).toContain('models/gemini-embedding-001');
    expect(await readLastCall()).toMatchObject({ endpoint: 'gemini-embed', conversion: 'unchanged', status: 'ok' });
  });

  it('lists models in its own shape', async () => {
    const names = (await Array.fromAsync(await google.models.list())).map(({ name }) => name);
    expect(names).toContain('models/gemini-2.5-flash');
    expect((await google.models.get({ model })).name).toBe('models/gemini-2.5-flash');
  });

  it.each([400, 403, 404, 429, 500, 503])('raises %d as an ApiError', async (status) => {
    tollgate.upstream.answerAll({ status, body: { error: { code: status, message: 'as Google says it', status: 'SOME_STATUS' } } });
    const thrown = await google.models.generateContent({ model, contents: 'x' }).catch((cause: unknown) => cause);
    expect(thrown).toBeInstanceOf(ApiError);
    expect(thrown).toMatchObject({ status, message: expect.stringContaining('as Google says it') });
  });

  it('gets our own errors in its shape', async () => {
    const stranger = new GoogleGenAI({ apiKey: 'AIzaSomeoneElsesKey', httpOptions: { baseUrl: tollgate.url } });
    await expect(stranger.models.generateContent({ model, contents: 'x' })).rejects.toMatchObject({
      status: 401,
      message: expect.stringContaining('UNAUTHENTICATED'),
    });
    await expect(google.models.generateContent({ model: 'nonsense', contents: 'x' })).rejects.toMatchObject({ status: 404 });
  });
});
