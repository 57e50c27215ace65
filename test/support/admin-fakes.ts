import type { AdminServices } from '../../src-main/admin/admin-services.ts';
import { createEventHub } from '../../src-main/admin/event-hub.ts';
import {
  type CallDetail,
  type CallerKey,
  type CallSummary,
  defaultSettings,
  type Provider,
  type SpendTotals,
  type VaultStatus,
} from '../../src-main/contract/entities.ts';
import { parseCallId, renderCallId } from '../../src-main/domain/call-id.ts';
import { GatewayError } from '../../src-main/domain/gateway-error.ts';

/** In-memory AdminServices that keep what they are told; tests reach into `state` to arrange and to look. */
export interface FakeServices extends AdminServices {
  readonly state: FakeState;
}

interface FakeState {
  now: number;
  url: string;
  calls: CallDetail[];
  /** The JSON of each call's bodies. */
  bodies: Map<string, string>;
  providers: Map<string, Provider>;
  /** What the provider directory keeps and must never be read back. */
  providerKeys: Map<string, string>;
  keys: (CallerKey & { hash: string })[];
  overrides: unknown[];
  metrics: Map<string, number>;
  health: { state: 'ok' | 'degraded'; message: string | null; droppedBodies: number; pendingRecords: number };
  vaultState: string;
  vaultKind: string;
  passphrase: string | null;
  flushes: number;
  /** Makes the next listProviders throw this. */
  failure: unknown;
}

export function createFakeServices(): FakeServices {
  const state: FakeState = {
    now: Date.UTC(2026, 10, 20, 12),
    url: 'http://127.0.0.1:7979',
    calls: [],
    bodies: new Map(),
    providers: new Map([['openai', makeProvider({ id: 'openai', name: 'OpenAI', baseUrl: 'https://api.openai.com/v1' })]]),
    providerKeys: new Map(),
    keys: [],
    overrides: [],
    metrics: new Map(),
    health: { state: 'ok', message: null, droppedBodies: 0, pendingRecords: 0 },
    vaultState: 'locked',
    vaultKind: 'file',
    passphrase: null,
    flushes: 0,
    failure: null,
  };
  let settings = { ...defaultSettings };
  const describeVault = (): VaultStatus => ({
    kind: state.vaultKind,
    label: 'Key file',
    state: state.vaultState,
    notice: 'Not protected from programs running as you.',
    named: false,
  });
  return {
    state,
    version: '0.1.0-test',
    dataDir: '/data/tollgate',
    startedAt: state.now - 3_600_000,
    url: () => state.url,
    clock: () => state.now,
    ledger: {
      health: state.health,
      deleteCall: async (id) => {
        state.calls = state.calls.filter((call) => parseCallId(call.id) !== id);
      },
      flush: async () => void state.flushes++,
    },
    reader: createReader(state),
    providers: createProviders(state),
    callerKeys: createCallerKeys(state),
    settings: { read: () => settings, save: async (change) => (settings = { ...settings, ...change }) },
    prices: {
      listOverrides: () => state.overrides,
      saveOverrides: async (items) => (state.overrides = [...items]),
      knows: (provider, model) => state.overrides.includes(`${provider}/${model}`),
      explain: (priceRow, usage) => (priceRow === null ? [] : [{ priceRow, usage }]),
    },
    vault: {
      describe: describeVault,
      retry: async () => (state.vaultState = 'ready'),
      async unlock(passphrase) {
        if (passphrase !== state.passphrase) throw new GatewayError('vault_unavailable', 'The passphrase is wrong.');
        state.vaultState = 'open';
        return describeVault();
      },
      async move(kind, passphrase) {
        Object.assign(state, { vaultKind: kind, passphrase });
        return describeVault();
      },
    },
    events: createEventHub(1, () => Date.now()),
    readMetrics: () => state.metrics,
  };
}

function createReader(state: FakeState): AdminServices['reader'] {
  const find = (id: number) => state.calls.find((call) => parseCallId(call.id) === id) ?? null;
  return {
    listCalls: async ({ limit = 50, cursor, status, model }) => {
      const newestFirst = state.calls
        .toReversed()
        .filter((call) => (!status || call.status === status) && (!model || call.model === model));
      const from = cursor === undefined ? 0 : Number(cursor);
      if (Number.isNaN(from)) throw new GatewayError('invalid_request', 'The cursor is not one of ours.', { param: 'cursor' });
      const items = newestFirst.slice(from, from + limit);
      return { items, nextCursor: from + limit < newestFirst.length ? String(from + limit) : null };
    },
    readCall: async (id) => find(id),
    renderBodies: async (id) => (find(id) === null ? null : new TextEncoder().encode(state.bodies.get(renderCallId(id)) ?? '{}')),
    readSpend: async (query, now) => {
      const groupBy = query.groupBy ?? 'model';
      const chosen = state.calls.filter(
        (call) => call.startedAt >= (query.from ?? 0) && call.startedAt < (query.to ?? Number.MAX_SAFE_INTEGER),
      );
      const tags = [query.tag ?? []].flat().map((tag) => tag.split(':') as [string, string?]);
      const calls = chosen.filter((call) =>
        tags.every(([key, value]) => key in call.tags && (value === undefined || call.tags[key] === value)),
      );
      const groups = Map.groupBy(calls, (call) => readGroup(call, groupBy));
      return {
        groupBy,
        from: query.from ?? 0,
        to: query.to ?? now,
        totals: sumCalls(calls),
        groups: [...groups].map(([key, members]) => ({ key, ...sumCalls(members) })),
      };
    },
    readLatency: async ({ groupBy = 'model', from = 0 }, now) => {
      const totals = { calls: state.calls.length, durationMs: { p50: 1234, p95: 1234 }, streamed: 0, firstTokenMs: null };
      return { groupBy, from, to: now, isWhole: true, totals, groups: [{ key: 'gpt-5.4-mini', ...totals }] };
    },
    readCacheSavings: async ({ groupBy = 'model', from = 0 }, now) => {
      return { groupBy, from, to: now, countedFrom: from, totals: { savedNanoUsd: null, calls: 0, unknown: 1 }, groups: [] };
    },
    listErrors: async ({ from = 0 }, now) => ({ from, to: now, calls: 0, isWhole: true, items: [] }),
    readTotals: async (fromMs) => sumCalls(state.calls.filter((call) => call.startedAt >= fromMs)),
    listTags: async () => {
      const pairs = state.calls.flatMap((call) => Object.entries(call.tags));
      return [...Map.groupBy(pairs, ([key]) => key)].map(([key, members]) => ({
        key,
        values: [...new Set(members.map(([, value]) => value))],
      }));
    },
    listConversations: async () => ({ items: [], nextCursor: null }),
  };
}

function createProviders(state: FakeState): AdminServices['providers'] {
  const find = (id: string) => {
    const provider = state.providers.get(id);
    if (provider === undefined) throw new GatewayError('not_found', `There is no provider "${id}".`, { param: 'id' });
    return provider;
  };
  const test = async (id: string) => {
    const bad = state.providerKeys.get(id)?.includes('bad') ?? false;
    return bad
      ? { ok: false, models: null, latencyMs: 12, errorCode: 'upstream_auth', message: 'The provider refused the key.' }
      : { ok: true, models: [...find(id).models, 'm-1'], latencyMs: 12, errorCode: null, message: null };
  };
  return {
    findLocal: async () => [{ id: 'ollama', name: 'Ollama', baseUrl: 'http://127.0.0.1:11434/v1', models: ['llama3.2'] }],
    list: () => {
      if (state.failure !== null) throw state.failure;
      return [...state.providers.values()];
    },
    save: async ({ key, skipTest, ...input }) => {
      const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
      const provider = { ...makeProvider({ id: input.id }), ...state.providers.get(input.id), ...given, source: 'user' as const };
      if (key !== undefined) {
        provider.key = { state: 'set', lastFour: key.slice(-4) };
        state.providerKeys.set(input.id, key);
      }
      state.providers.set(input.id, { ...provider, sealedKey: 'must not leave' } as Provider);
      return { provider: state.providers.get(input.id) ?? provider, test: skipTest ? null : await test(input.id) };
    },
    test: async (id) => test(find(id).id),
    remove: async (id) => void state.providers.delete(find(id).id),
  };
}

function createCallerKeys(state: FakeState): AdminServices['callerKeys'] {
  return {
    list: () => state.keys,
    create: async ({ name, tags = {}, scope }) => {
      const id = `key_${state.keys.length + 1}`;
      const secret = `tk_test_${id}_0123456789abcdef`;
      const key = {
        id,
        name,
        lastFour: secret.slice(-4),
        tags: { ...tags },
        scope: { models: scope?.models ?? [], providers: scope?.providers ?? [] },
        source: 'user' as const,
        createdAt: state.now,
        lastUsedAt: null,
        revokedAt: null,
        hash: 'sha256-of-the-key',
      };
      state.keys.push(key);
      return { key, secret };
    },
    revoke: async (id) => {
      const key = state.keys.find((candidate) => candidate.id === id);
      if (key === undefined) throw new GatewayError('not_found', `There is no caller key "${id}".`, { param: 'id' });
      key.revokedAt = state.now;
      return key;
    },
  };
}

export function makeProvider(change: Partial<Provider> = {}): Provider {
  return {
    id: 'p',
    name: 'P',
    dialect: 'openai-chat',
    baseUrl: 'http://127.0.0.1:1/v1',
    source: 'built-in',
    key: { state: 'missing', lastFour: null },
    models: [],
    enabled: true,
    ...change,
  };
}

/** A finished call; `n` makes its id. */
export function makeCall(n: number, change: Partial<CallDetail> = {}): CallDetail {
  const startedAt = Date.UTC(2026, 10, 20, 9) + n * 1000;
  const call: CallSummary = {
    id: renderCallId(n),
    startedAt,
    status: 'ok',
    httpStatus: 200,
    endpoint: 'chat',
    provider: 'openai',
    model: 'gpt-5.4-mini',
    requestedModel: 'gpt-5.4-mini',
    callerDialect: 'openai-chat',
    upstreamDialect: 'openai-chat',
    conversion: 'unchanged',
    stream: false,
    byok: false,
    callerKeyId: 'key_1',
    client: 'test',
    tags: {},
    conversationId: null,
    durationMs: 1234,
    firstByteMs: 400,
    requestBytes: 100,
    responseBytes: 200,
    usage: { ...noUsage, inputUncached: 1000, outputText: 200, flags: [] },
    costNanoUsd: 41_200_000,
    costSource: 'price-book',
    errorCode: null,
  };
  const detail = {
    servedModel: null,
    responseId: null,
    finishReason: 'stop',
    serviceTier: null,
    rawUsage: { prompt_tokens: 1000, completion_tokens: 200 },
    priceRow: null,
    costLines: [],
    losses: [],
    attempts: [],
    error: null,
    traceId: null,
    parentSpanId: null,
    timings: { startedAt, firstByteMs: 400, durationMs: 1234 },
    bodies: { request: true, response: true, upstreamRequest: false, upstreamResponse: false },
  };
  return { ...call, ...detail, ...change };
}

const noUsage = {
  inputUncached: null,
  inputCacheRead: null,
  inputCacheWrite5m: null,
  inputCacheWrite1h: null,
  inputAudio: null,
  inputImage: null,
  outputText: null,
  outputReasoning: null,
  outputAudio: null,
  webSearches: null,
};

function readGroup(call: CallDetail, groupBy: string): string | null {
  if (groupBy.startsWith('tag:')) return call.tags[groupBy.slice(4)] ?? null;
  if (groupBy === 'day') return new Date(call.startedAt).toISOString().slice(0, 10);
  if (groupBy === 'caller') return call.callerKeyId;
  if (groupBy === 'target') return `${call.provider}/${call.model}`;
  return groupBy === 'provider' ? call.provider : call.model;
}

function sumCalls(calls: CallDetail[]): SpendTotals {
  const sum = (read: (call: CallDetail) => number | null) => calls.reduce((total, call) => total + (read(call) ?? 0), 0);
  return {
    calls: calls.length,
    failed: calls.filter((call) => call.status !== 'ok').length,
    unpriced: calls.filter((call) => call.costNanoUsd === null).length,
    estimated: calls.filter((call) => call.costSource === 'estimated').length,
    inputUncached: sum((call) => call.usage.inputUncached),
    inputCacheRead: sum((call) => call.usage.inputCacheRead),
    inputCacheWrite: sum((call) => call.usage.inputCacheWrite5m),
    output: sum((call) => call.usage.outputText),
    outputReasoning: sum((call) => call.usage.outputReasoning),
    costNanoUsd: sum((call) => call.costNanoUsd),
    durationMs: sum((call) => call.durationMs),
  };
}
