import { describe, expect, it } from 'vitest';
import { readLabels } from '../../src-main/proxy/read-labels.ts';
import { readRequestHead } from '../../src-main/proxy/read-model.ts';

function read(headers: Record<string, string>, fields: object = {}, keyTags = {}, pathTags: Record<string, string> | null = null) {
  const body = Buffer.from(JSON.stringify({ model: 'm', ...fields }));
  return readLabels(headers, keyTags, pathTags, body, readRequestHead(body, 'application/json', true));
}

describe('tags', () => {
  it.each([
    ['x-tags', 'team:ml-ops, feature:code-review', { team: 'ml-ops', feature: 'code-review' }],
    ['x-tags', 'urgent', { urgent: 'true' }],
    ['x-tags', 'url:http://x:1', { url: 'http://x:1' }],
    ['x-litellm-tags', 'a:b,c', { a: 'b', c: 'true' }],
    ['x-portkey-metadata', '{"_user":"u1","env":"ci","n":3,"deep":{"no":1}}', { _user: 'u1', env: 'ci', n: '3' }],
    ['x-portkey-metadata', 'not json', {}],
    ['helicone-property-app', 'web', { app: 'web' }],
    ['helicone-property-Session', 's', { session: 's' }],
  ])('from %s: %s', (name, value, tags) => {
    expect(read({ [name.toLowerCase()]: value }).tags).toEqual(tags);
  });

  it('from key, path and headers: the nearer to the call, the stronger', () => {
    const headers = { 'x-tags': 'c:own', 'x-litellm-tags': 'c:foreign,d:foreign' };
    const tags = read(headers, {}, { a: 'key', b: 'key', c: 'key' }, { b: 'path', c: 'path' }).tags;
    expect(tags).toEqual({ a: 'key', b: 'path', c: 'own', d: 'foreign' });
  });

  it('never break a call, whatever they hold', () => {
    const many = Array.from({ length: 500 }, (_, index) => `k${index}:${'v'.repeat(1000)}`).join(',');
    const { tags } = read({ 'x-tags': `__proto__:x,:empty,${many}` });
    expect(Object.keys(tags).length).toBeLessThanOrEqual(32);
    expect(Object.values(tags).every((value) => value.length <= 256)).toBe(true);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});

describe('the conversation', () => {
  const session = '5e7f5f9e-27a2-4cc0-a2ae-6b5f8a4ff2a1';
  it.each([
    [{ 'x-conversation-id': 'c1', 'x-session-id': 's1' }, {}, 'c1'],
    [{ 'x-claude-code-session-id': session }, { metadata: { user_id: 'x' } }, session],
    [{ 'session-id': 'codex' }, { prompt_cache_key: 'p' }, 'codex'],
    [{ 'helicone-session-id': 'h' }, {}, 'h'],
    [{ 'x-litellm-session-id': 'l' }, {}, 'l'],
    [{}, { prompt_cache_key: 'p' }, 'p'],
    [{}, { metadata: { session_id: 'm' } }, 'm'],
    [{}, { metadata: { user_id: JSON.stringify({ device_id: 'd', session_id: session }) } }, session],
    [{}, { metadata: { user_id: `user_abc_account__session_${session}` } }, session],
    [{}, { metadata: { user_id: 'user-17' } }, null],
    [{ 'x-conversation-id': '' }, { prompt_cache_key: '' }, null],
  ])('of %j with %j is %s', (headers, fields, expected) => {
    expect(read(headers as unknown as Record<string, string>, fields).conversationId).toBe(expected);
  });
});

it.each([
  ['claude-cli/2.1.330 (external, sdk-cli)', 'claude-cli'],
  ['OpenAI/JS 7.57.0', 'OpenAI/JS'],
  ['GeminiCLI-tui/0.61.0/gemini-x (linux; x64; terminal)', 'GeminiCLI-tui'],
  ['curl/8.5.0', 'curl'],
  ['Mozilla', 'Mozilla'],
  ['', null],
])('the client of %j is %s', (agent, client) => {
  expect(read({ 'user-agent': agent }).client).toBe(client);
});

describe('the trace context', () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  it('is taken from traceparent', () => {
    expect(read({ traceparent: `00-${traceId}-00f067aa0ba902b7-01` })).toMatchObject({ traceId, parentSpanId: '00f067aa0ba902b7' });
  });

  it.each([`00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, `00-${traceId}-${'0'.repeat(16)}-01`, 'nonsense'])('is none in %s', (value) => {
    expect(read({ traceparent: value })).toMatchObject({ traceId: null, parentSpanId: null });
  });
});
