import { describe, expect, it } from 'vitest';
import { geminiEmbeddings } from '../../../src-main/dialects/gemini-generate.ts';

const renderBody = (body: unknown) => geminiEmbeddings.renderEmbeddingsRequest(body, 'gemini-embedding-001');
const expected = { encodingFormat: 'float', inputCount: 1, estimatedTokens: 3, model: 'gemini-embedding-001' } as const;

describe('embeddings request', () => {
  it('sends each text as a request of its own', () => {
    expect(renderBody({ model: 'm', input: ['北京', 'b'], dimensions: 256, encoding_format: 'base64', user: 'u' })).toEqual({
      pathSuffix: ':batchEmbedContents',
      body: {
        requests: ['北京', 'b'].map((text) => ({
          model: 'models/gemini-embedding-001',
          content: { parts: [{ text }] },
          outputDimensionality: 256,
        })),
      },
      losses: [{ path: 'user', reason: 'Gemini embeddings have no such setting.' }],
      expected: { encodingFormat: 'base64', inputCount: 2, estimatedTokens: 3 },
    });
  });

  it('takes one text and the bare model name', () => {
    const { body, expected: told } = geminiEmbeddings.renderEmbeddingsRequest({ input: 'hello' }, 'models/e');
    expect(body).toEqual({ requests: [{ model: 'models/e', content: { parts: [{ text: 'hello' }] } }] });
    expect(told).toEqual({ encodingFormat: 'float', inputCount: 1, estimatedTokens: 2 });
  });

  it.each([
    ['a token array', { input: [1, 2] }, 'input'],
    ['several token arrays', { input: [[1], [2]] }, 'input'],
    ['no input', {}, 'input'],
    ['no texts', { input: [] }, 'input'],
    ['an empty text', { input: ['a', ''] }, 'input[1]'],
    ['an object', { input: [{}] }, 'input[0]'],
    ['a wrong format', { input: 'a', encoding_format: 'int8' }, 'encoding_format'],
    ['wrong dimensions', { input: 'a', dimensions: 0.5 }, 'dimensions'],
    ['no body', null, null],
  ])('refuses %s', (_name, body, param) => {
    expect(() => renderBody(body)).toThrow(expect.objectContaining({ code: 'invalid_request', param }));
  });
});

describe('embeddings reply', () => {
  it('gives floats and the usage Google counted', () => {
    const body = { embeddings: [{ values: [0.25, -1] }], usageMetadata: { promptTokenCount: 7, totalTokenCount: 7 } };
    const parsed = geminiEmbeddings.parseEmbeddingsResponse(body, expected);
    expect(parsed.body).toEqual({
      object: 'list',
      data: [{ object: 'embedding', index: 0, embedding: [0.25, -1] }],
      model: 'gemini-embedding-001',
      usage: { prompt_tokens: 7, total_tokens: 7 },
    });
    expect(parsed.usage).toMatchObject({ inputUncached: 7, flags: [] });
  });

  it("gives little-endian float32 as base64, as OpenAI's SDK decodes it", () => {
    const values = [0.1, -2.5, 3e-8];
    const parsed = geminiEmbeddings.parseEmbeddingsResponse({ embedding: { values } }, { ...expected, encodingFormat: 'base64' });
    const [entry] = parsed.body['data'] as { embedding: string }[];
    const bytes = Buffer.from(entry?.embedding ?? '', 'base64');
    expect(values.map((_, index) => bytes.readFloatLE(index * 4))).toEqual(values.map(Math.fround));
    expect(bytes).toHaveLength(12);
  });

  it('estimates the usage Google did not report, and says so', () => {
    const parsed = geminiEmbeddings.parseEmbeddingsResponse({ embeddings: [{ values: [1] }] }, expected);
    expect(parsed.body['usage']).toEqual({ prompt_tokens: 3, total_tokens: 3 });
    expect(parsed.usage).toMatchObject({ inputUncached: 3, flags: ['usage_estimated'] });
  });

  it.each([
    ['too few vectors', { embeddings: [] }],
    ['too many vectors', { embeddings: [{ values: [1] }, { values: [1] }] }],
    ['an empty vector', { embeddings: [{ values: [] }] }],
    ['no numbers', { embeddings: [{ values: ['1'] }] }],
    ['no object', 'x'],
  ])('refuses %s', (_name, body) => {
    expect(() => geminiEmbeddings.parseEmbeddingsResponse(body, expected)).toThrow(expect.objectContaining({ code: 'upstream_bad_reply' }));
  });
});
