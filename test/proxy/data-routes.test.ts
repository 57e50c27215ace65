import { describe, expect, it } from 'vitest';
import { matchDataRoute } from '../../src-main/proxy/data-routes.ts';

const read = (method: string, url: string) => {
  const route = matchDataRoute(method, url);
  return route === null ? null : { endpoint: route.endpoint, dialect: route.dialect, path: route.upstreamPath };
};

const chat = { endpoint: 'chat', dialect: 'openai-chat', path: '/chat/completions' };
const messages = { endpoint: 'messages', dialect: 'anthropic-messages', path: '/v1/messages' };
const responses = { endpoint: 'responses', dialect: 'openai-responses', path: '/responses' };
const generate = { endpoint: 'gemini-generate', dialect: 'gemini-generate', path: '/v1beta/models/{model}:generateContent' };

describe('data routes', () => {
  it.each([
    ['/v1/chat/completions', chat],
    ['/chat/completions', chat],
    ['/api/ai/v1/chat/completions', chat],
    ['/v1/v1/chat/completions', chat],
    ['/t/team:ml/v1/chat/completions', chat],
    ['/t/team:ml/api/ai/v1/chat/completions', chat],
    ['/t/team:ml/chat/completions', chat],
    ['/v1/messages', messages],
    ['/messages', messages],
    ['/v1/v1/messages', messages],
    ['/v1/messages?beta=true', messages],
    ['/v1/messages/count_tokens', { ...messages, endpoint: 'count-tokens', path: '/v1/messages/count_tokens' }],
    ['/v1/responses', responses],
    ['/v1/v1/responses', responses],
    ['/v1/responses/compact', { ...responses, path: '/responses/compact' }],
    ['/v1beta/models/gemini-2.5-flash:generateContent', generate],
    ['/api/ai/v1beta/models/gemini-2.5-flash:generateContent', generate],
    ['/t/a:b/v1beta/models/gemini-2.5-flash:generateContent', generate],
    ['/v1/v1beta/models/gemini-2.5-flash:generateContent', generate],
    ['/v1/models/gemini-2.5-flash:generateContent', { ...generate, path: '/v1/models/{model}:generateContent' }],
    ['/v1alpha/models/gemini-2.5-flash:generateContent', { ...generate, path: '/v1alpha/models/{model}:generateContent' }],
    ['/v1/embeddings', { endpoint: 'embeddings', dialect: 'openai-chat', path: '/embeddings' }],
    ['/v1/audio/transcriptions', { endpoint: 'audio', dialect: 'openai-chat', path: '/audio/transcriptions' }],
  ])('POST %s', (url, expected) => {
    expect(read('POST', url)).toEqual(expected);
  });

  it.each([
    ['GET', '/v1/chat/completions'],
    ['POST', '/v1/chat/completions/'],
    ['POST', '/v1/v1/v1/chat/completions'],
    ['POST', '/v1/models'],
    ['POST', '/v1beta/models/gemini-2.5-flash:unknownMethod'],
    ['POST', '/v1beta/models/gemini-2.5-flash'],
    ['POST', '/v1beta/models/..%2F..%2Fadmin:generateContent'],
    ['GET', '/v1/models/..%2Fadmin'],
    ['GET', '/v1/responses/a/b'],
    ['POST', '/V1/chat/completions'],
    ['POST', '/v1/%63hat/completions'],
    ['GET', '/responses/resp_1'],
    ['POST', '/admin/calls'],
    ['POST', '/t/team:ml'],
  ])('%s %s is no data path', (method, url) => {
    expect(matchDataRoute(method, url)).toBeNull();
  });

  it('reads tags of a path prefix, percent-encoded or not', () => {
    expect(matchDataRoute('POST', '/t/team:ml-ops,feature:code%20review/v1/messages')?.tags).toEqual({
      team: 'ml-ops',
      feature: 'code review',
    });
    expect(matchDataRoute('POST', '/v1/messages')?.tags).toBeNull();
  });

  it('keeps the query apart from the path', () => {
    expect(matchDataRoute('POST', '/v1/messages?beta=true&x=%2F')?.query).toBe('?beta=true&x=%2F');
    expect(matchDataRoute('POST', '/v1/messages')?.query).toBe('');
  });

  it('finds the model of a Gemini path, also an encoded or qualified one', () => {
    const model = (name: string) => matchDataRoute('POST', `/v1beta/models/${name}:streamGenerateContent?alt=sse`)?.model;
    expect(model('gemini-2.5-flash')).toBe('gemini-2.5-flash');
    expect(model('gemini%2Fgemini-2.5-flash')).toBe('gemini/gemini-2.5-flash');
    expect(model('gemini/gemini-2.5-flash')).toBe('gemini/gemini-2.5-flash');
    expect(model('local%2Fllama:8b')).toBe('local/llama:8b');
  });

  it('lists models in the shape of the path', () => {
    expect(matchDataRoute('GET', '/v1/models')).toMatchObject({ action: 'list-models', dialect: 'openai-chat', model: null });
    expect(matchDataRoute('GET', '/models')).toMatchObject({ action: 'list-models' });
    expect(matchDataRoute('GET', '/v1/models/anthropic/claude-x')).toMatchObject({ action: 'list-models', model: 'anthropic/claude-x' });
    expect(matchDataRoute('GET', '/v1beta/models/gemini-2.5-flash')).toMatchObject({
      dialect: 'gemini-generate',
      model: 'gemini-2.5-flash',
    });
  });

  it('knows an answer that was made before from a new one', () => {
    expect(matchDataRoute('GET', '/v1/responses/resp_1?stream=true')).toMatchObject({ stored: true, upstreamPath: '/responses/resp_1' });
    expect(matchDataRoute('DELETE', '/v1/responses/resp_1')).toMatchObject({ stored: true });
    expect(matchDataRoute('POST', '/v1/responses/resp_1/cancel')).toMatchObject({ stored: true, upstreamPath: '/responses/resp_1/cancel' });
    expect(matchDataRoute('POST', '/v1/responses')).toMatchObject({ stored: false });
  });
});
