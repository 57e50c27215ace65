import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallsQuery } from '../../src-main/contract/admin-api.ts';
import type { CallEnd, CallStatus } from '../../src-main/domain/call.ts';
import { readCallTime, renderCallId } from '../../src-main/domain/call-id.ts';
import type { LedgerReader } from '../../src-main/store/ledger-reader.ts';
import { arrivedBody } from '../support/arrived-body.ts';
import { createRandom } from '../support/random.ts';
import { defaultCallMs, makeCall, makeUsage, openTestLedger, type TestCall } from '../support/record-calls.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { openTestReader } from '../support/test-reader.ts';

const PROVIDERS = ['openai', 'anthropic', 'demo'];
const MODELS = ['gpt-5', 'claude-x', 'shared'];
const CALLERS = ['key_a', 'key_b', null];
const TAGS: Record<string, string>[] = [
  {},
  { team: 'ml', env: 'prod' },
  { team: 'ml', env: 'dev' },
  { team: 'web' },
  { env: 'prod', note: 'a:b c' },
];
const STATUSES: (CallStatus | 'running')[] = ['ok', 'ok', 'ok', 'error', 'client_aborted', 'interrupted', 'running'];

/** Spread over some hours; every trait is drawn on its own. */
function randomCalls(seed: number, count: number): TestCall[] {
  const random = createRandom(seed);
  const pick = <T>(values: readonly T[]): T => values[random.below(values.length)] as T;
  return Array.from({ length: count }, (_, sequence) => {
    const status = pick(STATUSES);
    return makeCall({
      atMs: defaultCallMs + random.below(6 * 3_600_000),
      sequence,
      provider: pick(PROVIDERS),
      model: pick(MODELS),
      callerKeyId: pick(CALLERS),
      tags: pick(TAGS),
      conversationId: pick(['conv_1', 'conv_2', null]),
      end: status === 'running' ? null : { status: status === 'started' ? 'ok' : status, ...randomOutcome(status, pick) },
    });
  });
}

function randomOutcome(status: CallStatus, pick: <T>(values: readonly T[]) => T): Partial<CallEnd> {
  if (status === 'ok' || status === 'started') return {};
  const code = pick(['upstream_error', 'upstream_rate_limited'] as const);
  return { httpStatus: pick([200, 429, 502]), error: { code, message: 'x', providerType: null, providerCode: null } };
}

function passes({ start, end }: TestCall, query: CallsQuery): boolean {
  const tags = typeof query.tag === 'string' ? [query.tag] : (query.tag ?? []);
  return (
    (query.from === undefined || start.startedAt >= query.from) &&
    (query.to === undefined || start.startedAt < query.to) &&
    (query.provider === undefined || start.provider === query.provider) &&
    (query.model === undefined || start.model === query.model) &&
    (query.caller === undefined || start.callerKeyId === query.caller) &&
    (query.status === undefined || (end?.status ?? 'started') === query.status) &&
    (query.errorCode === undefined || end?.error?.code === query.errorCode) &&
    (query.httpStatus === undefined || end?.httpStatus === query.httpStatus) &&
    (query.conversation === undefined || start.conversationId === query.conversation) &&
    tags.every((tag) => {
      const [key = '', ...rest] = tag.split(':');
      return rest.length === 0 ? key in start.tags : start.tags[key] === rest.join(':');
    })
  );
}

async function listAllIds(reader: LedgerReader, query: CallsQuery): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await reader.listCalls(cursor === null ? query : { ...query, cursor });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return ids;
}

const idsOf = (calls: readonly TestCall[]) =>
  calls
    .map(({ start }) => start.id)
    .sort((a, b) => b - a)
    .map(renderCallId);

const instant = fc.integer({ min: defaultCallMs - 1_000, max: defaultCallMs + 7 * 3_600_000 });

/** Up to three filters: with all of them, hardly a call would be left. */
const arbitraryQuery: fc.Arbitrary<CallsQuery> = fc
  .tuple(
    fc.integer({ min: 1, max: 40 }).map((limit) => ({ limit })),
    fc.array(
      fc.oneof(
        instant.map((from) => ({ from })),
        instant.map((to) => ({ to })),
        fc.constantFrom(...PROVIDERS, 'nobody').map((provider) => ({ provider })),
        fc.constantFrom(...MODELS, 'nothing').map((model) => ({ model })),
        fc.constantFrom('key_a', 'key_b', 'key_c').map((caller) => ({ caller })),
        fc.constantFrom('ok', 'error', 'client_aborted', 'started', 'blocked').map((status) => ({ status })),
        fc.constantFrom('upstream_error', 'upstream_rate_limited', 'internal').map((errorCode) => ({ errorCode })),
        fc.constantFrom(200, 429, 502, 404).map((httpStatus) => ({ httpStatus })),
        fc.constantFrom('conv_1', 'conv_2', 'conv_3').map((conversation) => ({ conversation })),
        fc.constantFrom('team', 'team:ml', 'note:a:b c', 'gone').map((tag) => ({ tag })),
        fc.subarray(['team:ml', 'env:prod', 'env', 'team:web', 'note'], { minLength: 1, maxLength: 2 }).map((tag) => ({ tag })),
      ),
      { maxLength: 3 },
    ),
  )
  .map(([limit, filters]) => Object.assign({}, limit, ...filters));

describe('list of calls', () => {
  it('answers that there is nothing while there is no ledger', async () => {
    const { ledgerReader } = await openTestReader(makeTemporaryFolder());
    expect(await ledgerReader.listCalls({})).toEqual({ items: [], nextCursor: null });
    expect(await ledgerReader.readCall(1)).toBeNull();
    expect(await ledgerReader.renderBodies(1)).toBeNull();
    expect(await ledgerReader.listTags()).toEqual([]);
    expect(await ledgerReader.listConversations({})).toEqual({ items: [], nextCursor: null });
    expect((await ledgerReader.readSpend({}, defaultCallMs)).totals.calls).toBe(0);
    expect((await ledgerReader.readTotals(0)).calls).toBe(0);
    expect((await ledgerReader.readLatency({}, defaultCallMs)).totals.durationMs).toBeNull();
    expect((await ledgerReader.readCacheSavings({}, defaultCallMs)).totals.savedNanoUsd).toBe(0);
    expect((await ledgerReader.listErrors({}, defaultCallMs)).items).toEqual([]);
  });

  it('shows a ledger that appears later', async () => {
    const folder = makeTemporaryFolder();
    const { ledgerReader } = await openTestReader(folder);
    expect((await ledgerReader.listCalls({})).items).toHaveLength(0);
    const ledger = openTestLedger(folder);
    ledger.record([makeCall()]);
    expect((await ledgerReader.listCalls({})).items).toHaveLength(1);
    ledger.close();
  });

  it('goes over to the new file when a damaged ledger is replaced', async () => {
    const folder = makeTemporaryFolder();
    const path = join(folder, 'traces.db');
    const old = openTestLedger(folder);
    old.record([makeCall(), makeCall({ sequence: 1 })]);
    const { ledgerReader } = await openTestReader(folder);
    expect((await ledgerReader.listCalls({})).items).toHaveLength(2);
    for (const suffix of ['', '-wal', '-shm']) renameSync(path + suffix, `${path}.corrupt-1${suffix}`);
    const replacement = openTestLedger(folder);
    replacement.record([makeCall()]);
    expect((await ledgerReader.listCalls({})).items).toHaveLength(1);
    old.close();
    replacement.close();
  });

  it('H5: is read while another connection holds the ledger locked', async () => {
    const folder = makeTemporaryFolder();
    const ledger = openTestLedger(folder);
    ledger.record([makeCall()]);
    ledger.db.exec('BEGIN EXCLUSIVE');
    const { ledgerReader } = await openTestReader(folder);
    expect((await ledgerReader.listCalls({})).items).toHaveLength(1);
    expect((await ledgerReader.readSpend({}, defaultCallMs + 1)).totals.calls).toBe(1);
    ledger.db.exec('ROLLBACK');
    ledger.close();
  });

  it('says that the store is unavailable when the ledger is damaged', async () => {
    const folder = makeTemporaryFolder();
    writeFileSync(join(folder, 'traces.db'), 'not a database '.repeat(1_000));
    const { ledgerReader, configStore } = await openTestReader(folder);
    await expect(ledgerReader.listCalls({})).rejects.toMatchObject({ code: 'store_unavailable', status: 503 });
    expect((await configStore.load()).providers).toEqual([]);
  });

  it('gives, page by page, exactly the calls that pass every filter, newest first', async () => {
    const folder = makeTemporaryFolder();
    const calls = randomCalls(7, 600);
    const ledger = openTestLedger(folder);
    ledger.record(calls);
    ledger.close();
    const { ledgerReader } = await openTestReader(folder);
    let found = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryQuery, async (query) => {
        const expected = idsOf(calls.filter((call) => passes(call, query)));
        expect(await listAllIds(ledgerReader, query)).toEqual(expected);
        if (expected.length > 0) found++;
      }),
      { numRuns: 250 },
    );
    expect(found).toBeGreaterThan(120);
  });

  it.each([{}, { tag: 'team:ml' }, { provider: 'openai', status: 'ok' }, { status: 'error' }])(
    'pages through %j without gap or repetition while new calls arrive',
    async (query) => {
      const folder = makeTemporaryFolder();
      const calls = randomCalls(3, 300);
      const ledger = openTestLedger(folder);
      ledger.record(calls);
      const { ledgerReader } = await openTestReader(folder);
      const seen: string[] = [];
      let cursor: string | null = null;
      let sequence = 0;
      do {
        const page = await ledgerReader.listCalls({ ...query, limit: 10, ...(cursor === null ? {} : { cursor }) });
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
        const late = { atMs: defaultCallMs + 7 * 3_600_000, provider: 'openai', tags: { team: 'ml' } };
        ledger.record([makeCall({ ...late, sequence: sequence++ }), makeCall({ ...late, sequence: sequence++, end: { status: 'error' } })]);
      } while (cursor !== null);
      ledger.close();
      expect(seen).toEqual(idsOf(calls.filter((call) => passes(call, query))));
    },
  );

  it.each<[CallsQuery, string]>([
    [{ cursor: 'call_zzz' }, 'cursor'],
    [{ cursor: "call_0' OR 1=1" }, 'cursor'],
    [{ status: 'failed' }, 'status'],
    [{ limit: 0 }, 'limit'],
    [{ limit: 1.5 }, 'limit'],
    [{ tag: ':x' }, 'tag'],
    [{ tag: Array.from({ length: 21 }, () => 'a') }, 'tag'],
  ])('refuses %j and names the parameter', async (query, param) => {
    const { ledgerReader } = await openTestReader(makeTemporaryFolder());
    await expect(ledgerReader.listCalls(query)).rejects.toMatchObject({ code: 'invalid_request', status: 400, param });
  });
});

describe('one call', () => {
  it('comes with everything that was recorded, and what was not known is null', async () => {
    const folder = makeTemporaryFolder();
    const call = makeCall({
      requestedModel: 'GPT-5',
      stream: true,
      callerKeyId: 'key_a',
      client: 'codex',
      tags: { team: 'ml' },
      conversationId: 'conv_1',
      traceId: 'a'.repeat(32),
      end: {
        status: 'error',
        httpStatus: 502,
        firstByteMs: null,
        usage: makeUsage({ inputUncached: 3, flags: ['usage_partial'], raw: { prompt_tokens: 3 }, serviceTier: 'flex' }),
        costNanoUsd: null,
        costSource: 'unknown',
        priceRow: { id: 'row-1' },
        losses: [{ path: 'seed', reason: 'no seed there' }],
        attempts: [{ atMs: 0, durationMs: 12, status: 500, requestId: 'req_1', error: 'boom' }],
        error: { code: 'upstream_error', message: 'it broke', providerType: 'server_error', providerCode: null },
      },
    });
    const running = makeCall({ sequence: 1, end: null });
    const ledger = openTestLedger(folder);
    ledger.record([call, running]);
    ledger.close();
    const { ledgerReader } = await openTestReader(folder);

    const detail = await ledgerReader.readCall(call.start.id);
    expect(detail).toMatchObject({
      id: renderCallId(call.start.id),
      startedAt: readCallTime(call.start.id),
      status: 'error',
      httpStatus: 502,
      provider: 'openai',
      model: 'gpt-5',
      requestedModel: 'GPT-5',
      stream: true,
      callerKeyId: 'key_a',
      client: 'codex',
      tags: { team: 'ml' },
      conversationId: 'conv_1',
      firstByteMs: null,
      usage: { inputUncached: 3, inputCacheRead: null, outputText: null, flags: ['usage_partial'] },
      costNanoUsd: null,
      costSource: 'unknown',
      serviceTier: 'flex',
      rawUsage: { prompt_tokens: 3 },
      priceRow: { id: 'row-1' },
      costLines: [],
      losses: [{ path: 'seed', reason: 'no seed there' }],
      attempts: [{ atMs: 0, durationMs: 12, status: 500, requestId: 'req_1', error: 'boom' }],
      error: { code: 'upstream_error', message: 'it broke', providerType: 'server_error', providerCode: null },
      traceId: 'a'.repeat(32),
      parentSpanId: null,
      bodies: { request: false, response: false, upstreamRequest: false, upstreamResponse: false },
    });
    const [newest] = (await ledgerReader.listCalls({ limit: 1 })).items;
    expect(newest).toMatchObject({ status: 'started', httpStatus: null, durationMs: null, costNanoUsd: null, costSource: 'unknown' });
    expect(await ledgerReader.readCall(call.start.id + 77)).toBeNull();
  });

  it('gives back its bodies byte for byte', async () => {
    const folder = makeTemporaryFolder();
    const call = makeCall();
    const request = '{"model":"gpt-5",  "messages":[{"role":"user","content":"h\\u00e9 ü\\u0000"}]}\r\n\ufeff';
    const response = Buffer.from([0xff, 0x00, 0xc3]);
    const ledger = openTestLedger(folder);
    ledger.record(
      [call],
      [
        arrivedBody(call.start.id, 'request', Buffer.from(request)),
        arrivedBody(call.start.id, 'response', response),
        arrivedBody(call.start.id, 'upstreamRequest', Buffer.alloc(0)),
      ],
    );
    ledger.close();
    const { ledgerReader } = await openTestReader(folder);
    const rendered = await ledgerReader.renderBodies(call.start.id);
    expect(JSON.parse(Buffer.from(rendered ?? []).toString())).toEqual({
      request,
      requestEncoding: 'utf8',
      response: '/wDD',
      responseEncoding: 'base64',
      upstreamRequest: '',
      upstreamRequestEncoding: 'utf8',
      upstreamResponse: null,
      upstreamResponseEncoding: 'utf8',
    });
    expect((await ledgerReader.readCall(call.start.id))?.bodies).toMatchObject({
      request: true,
      response: true,
      upstreamRequest: true,
      upstreamResponse: false,
    });
  });
});

describe('tags and conversations', () => {
  it('D5: lists every tag key with its most used values first', async () => {
    const folder = makeTemporaryFolder();
    const ledger = openTestLedger(folder);
    const uses = { ml: 3, web: 5, new: 0 };
    let sequence = 0;
    for (const [team, count] of Object.entries(uses)) {
      for (let i = 0; i < count; i++) ledger.record([makeCall({ sequence: sequence++, tags: { team, env: 'prod' } })]);
    }
    ledger.record([makeCall({ sequence, tags: { team: 'new' }, end: null })]);
    ledger.close();
    const { ledgerReader } = await openTestReader(folder);
    expect(await ledgerReader.listTags()).toEqual([
      { key: 'env', values: ['prod'] },
      { key: 'team', values: ['web', 'ml', 'new'] },
    ]);
  });

  it('lists conversations by their last call, with their sums', async () => {
    const folder = makeTemporaryFolder();
    const ledger = openTestLedger(folder);
    const at = (minute: number, conversationId: string, costNanoUsd: number | null) =>
      makeCall({ atMs: defaultCallMs + minute * 60_000, conversationId, end: { costNanoUsd } });
    ledger.record([at(0, 'a', 10), at(1, 'b', 20), at(2, 'a', null), at(3, 'c', 5)]);
    ledger.close();
    const { ledgerReader } = await openTestReader(folder);
    const first = await ledgerReader.listConversations({ limit: 2 });
    expect(first.items).toMatchObject([
      { id: 'c', calls: 1, costNanoUsd: 5 },
      { id: 'a', calls: 2, costNanoUsd: 10, unpriced: 1, firstAt: defaultCallMs, lastAt: defaultCallMs + 120_000 },
    ]);
    const second = await ledgerReader.listConversations({ limit: 2, cursor: first.nextCursor ?? '' });
    expect(second.items.map(({ id }) => id)).toEqual(['b']);
    expect(second.nextCursor).toBeNull();
  });
});
