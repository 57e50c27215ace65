import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src-main/domain/gateway-error.ts';
import { builtInProviders } from '../../src-main/providers/built-in.ts';
import { compatibleProviders, createCustomProvider, demoDefinition } from '../../src-main/providers/catalog.ts';
import type { ProviderDefinition } from '../../src-main/providers/provider.ts';
import { type DataRoute, matchDataRoute } from '../../src-main/proxy/data-routes.ts';
import { OpenList } from '../../src-main/proxy/open-list.ts';
import type { Caller, ConnectedProvider, ProxyConfiguration } from '../../src-main/proxy/proxy-configuration.ts';
import { resolveTarget } from '../../src-main/proxy/resolve-target.ts';

function connect(definition: ProviderDefinition, models: string[] = [], key: string | null = `key-of-${definition.id}`): ConnectedProvider {
  return {
    id: definition.id,
    definition,
    modelPrefixes: definition.modelPrefixes,
    models,
    origin: 'https://upstream.test',
    basePath: '',
    vendorAddress: true,
    streamUsage: definition.streamUsage,
    readKey: () => key,
  };
}

const local = connect(
  createCustomProvider('local', 'Local', 'openai-chat', 'http://127.0.0.1:9/v1', true),
  ['llama3.2', 'gpt-oss:20b'],
  null,
);
const claudeLike = connect(createCustomProvider('claude-like', 'C', 'anthropic-messages', 'http://127.0.0.1:9', true), ['my-claude'], null);
const vendors = [...builtInProviders, ...compatibleProviders].map((definition) => connect(definition));
const configuration = {
  providers: () => [local, claudeLike, ...vendors, connect(demoDefinition, [], null)],
} as unknown as ProxyConfiguration;
const anyone: Caller = { keyId: 'key_1', tags: {}, allows: () => true, openCalls: new OpenList() };

function route(method: string, url: string): DataRoute {
  const found = matchDataRoute(method, url);
  if (found === null) throw new Error(url);
  return found;
}

function resolve(model: string | null, url = '/v1/chat/completions', caller = anyone, byok: string | null = null) {
  const target = resolveTarget(configuration, caller, route('POST', url), model, byok);
  return { provider: target.provider.id, model: target.model, dialect: target.upstreamDialect, key: target.key };
}

describe('the target of a call', () => {
  it.each([
    ['claude-sonnet-4-6', 'anthropic', 'claude-sonnet-4-6'],
    ['Claude-Sonnet-4-6', 'anthropic', 'Claude-Sonnet-4-6'],
    ['gpt-5.4-mini', 'openai', 'gpt-5.4-mini'],
    ['o3', 'openai', 'o3'],
    ['chatgpt-4o-latest', 'openai', 'chatgpt-4o-latest'],
    ['codex-mini', 'openai', 'codex-mini'],
    ['gemini-2.5-flash', 'gemini', 'gemini-2.5-flash'],
    ['GROK-4', 'xai', 'GROK-4'],
    ['openrouter/anthropic/claude-x', 'openrouter', 'anthropic/claude-x'],
    ['OpenAI/gpt-5', 'openai', 'gpt-5'],
    ['local/qwen3', 'local', 'qwen3'],
    ['demo/echo', 'demo', 'echo'],
  ])('%s goes to %s as %s', (asked, provider, model) => {
    expect(resolve(asked)).toMatchObject({ provider, model });
  });

  it('T19: a model listed for an endpoint wins over every prefix', () => {
    expect(resolve('gpt-oss:20b')).toMatchObject({ provider: 'local', model: 'gpt-oss:20b' });
    expect(resolve('LLAMA3.2')).toMatchObject({ provider: 'local', model: 'llama3.2' });
  });

  it('an unknown model is an error that names what is known', () => {
    expect(() => resolve('nonsense-1')).toThrow(/nonsense-1.*local\/llama3\.2.*claude-\*.*demo/);
    expect(() => resolve('nosuch/gpt-5')).toThrow(GatewayError);
  });

  it('speaks the caller’s dialect where the provider does, else translates a chat', () => {
    expect(resolve('claude-x', '/v1/messages').dialect).toBe('anthropic-messages');
    expect(resolve('claude-x').dialect).toBe('anthropic-messages');
    expect(resolve('gpt-5', '/v1/responses').dialect).toBe('openai-responses');
    expect(resolve('my-claude').dialect).toBe('anthropic-messages');
    expect(resolve('gemini-embedding-001', '/v1/embeddings').dialect).toBe('gemini-generate');
  });

  it.each([
    ['gpt-5', '/v1/messages'],
    ['claude-x', '/v1/responses'],
    ['claude-x', '/v1/embeddings'],
    ['claude-x', '/v1/completions'],
    ['gpt-5', '/v1beta/models/gpt-5:generateContent'],
  ])('%s cannot answer %s, and is said to', (model, url) => {
    expect(() => resolve(model, url)).toThrow(expect.objectContaining({ code: 'unsupported_feature', status: 400, param: 'model' }));
  });

  it('a call without a model is OpenAI’s where the API allows it', () => {
    expect(resolve(null, '/v1/moderations')).toMatchObject({ provider: 'openai', model: '' });
    expect(() => resolve(null)).toThrow(expect.objectContaining({ code: 'invalid_request', param: 'model' }));
  });

  it('a caller’s own key replaces the stored one', () => {
    expect(resolve('gpt-5', undefined, anyone, 'sk-mine').key).toBe('sk-mine');
    expect(resolve('gpt-5').key).toBe('key-of-openai');
  });

  it('a local server needs no key, a vendor does', () => {
    expect(resolve('llama3.2').key).toBeNull();
    const keyless = {
      providers: () => builtInProviders.map((definition) => connect(definition, [], null)),
    } as unknown as ProxyConfiguration;
    const ask = () => resolveTarget(keyless, anyone, route('POST', '/v1/messages'), 'claude-x', null);
    expect(ask).toThrow(expect.objectContaining({ code: 'provider_not_configured' }));
  });

  it('a caller key opens only what its scope allows', () => {
    const scoped: Caller = { ...anyone, allows: (provider) => provider === 'openai' };
    expect(resolve('gpt-5', undefined, scoped).provider).toBe('openai');
    expect(() => resolve('claude-x', undefined, scoped)).toThrow(expect.objectContaining({ code: 'not_allowed', status: 403 }));
  });
});
