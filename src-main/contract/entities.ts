import { type Static, Type } from 'typebox';
import { count, nullable } from './schema-parts.ts';

/** Tags of a call: key → value. */
export const TagsSchema = Type.Record(Type.String(), Type.String());

export const CallStatusSchema = Type.Union([
  Type.Literal('started'),
  Type.Literal('ok'),
  Type.Literal('error'),
  Type.Literal('client_aborted'),
  Type.Literal('upstream_truncated'),
  Type.Literal('interrupted'),
  Type.Literal('blocked'),
]);

export const CostSourceSchema = Type.Union([
  Type.Literal('provider'),
  Type.Literal('price-book'),
  Type.Literal('override'),
  Type.Literal('unknown'),
  Type.Literal('estimated'),
  Type.Literal('demo'),
  Type.Literal('free'),
]);

/** Disjoint buckets; null = the provider did not report, which is not 0. */
export const UsageSchema = Type.Object({
  inputUncached: nullable(count),
  inputCacheRead: nullable(count),
  inputCacheWrite5m: nullable(count),
  inputCacheWrite1h: nullable(count),
  inputAudio: nullable(count),
  inputImage: nullable(count),
  outputText: nullable(count),
  outputReasoning: nullable(count),
  outputAudio: nullable(count),
  webSearches: nullable(count),
  flags: Type.Array(Type.String()),
});

/** One line of a list of calls. */
export const CallSummarySchema = Type.Object({
  id: Type.String({ description: 'call_…' }),
  startedAt: Type.Integer({ description: 'epoch ms, UTC' }),
  status: CallStatusSchema,
  httpStatus: nullable(Type.Integer()),
  endpoint: Type.String(),
  provider: nullable(Type.String()),
  model: nullable(Type.String({ description: 'as sent to the provider' })),
  requestedModel: Type.String({ description: 'as the caller wrote it' }),
  callerDialect: Type.String(),
  upstreamDialect: nullable(Type.String()),
  conversion: Type.Union([Type.Literal('unchanged'), Type.Literal('patched'), Type.Literal('translated')]),
  stream: Type.Boolean(),
  byok: Type.Boolean(),
  callerKeyId: nullable(Type.String()),
  client: nullable(Type.String()),
  tags: TagsSchema,
  conversationId: nullable(Type.String()),
  durationMs: nullable(Type.Integer()),
  firstByteMs: nullable(Type.Integer()),
  requestBytes: Type.Integer(),
  responseBytes: nullable(Type.Integer()),
  usage: UsageSchema,
  costNanoUsd: nullable(Type.Integer({ description: 'null = unknown' })),
  costSource: CostSourceSchema,
  errorCode: nullable(Type.String()),
});
export type CallSummary = Static<typeof CallSummarySchema>;

/** One call with everything the ledger knows of it; bodies are fetched apart. */
export const CallDetailSchema = Type.Intersect([
  CallSummarySchema,
  Type.Object({
    servedModel: nullable(Type.String()),
    responseId: nullable(Type.String()),
    finishReason: nullable(Type.String()),
    serviceTier: nullable(Type.String()),
    rawUsage: Type.Unknown({ description: "the provider's usage object, untouched" }),
    priceRow: Type.Unknown({ description: 'the price row the cost was computed with; null when none' }),
    costLines: Type.Array(Type.Unknown(), { description: 'bucket × rate = amount, recomputed from the stored price row' }),
    losses: Type.Array(Type.Object({ path: Type.String(), reason: Type.String() })),
    attempts: Type.Array(
      Type.Object({
        atMs: Type.Number(),
        durationMs: Type.Number(),
        status: nullable(Type.Integer()),
        requestId: nullable(Type.String()),
        error: nullable(Type.String()),
      }),
    ),
    error: nullable(
      Type.Object({
        code: Type.String(),
        message: Type.String(),
        providerType: nullable(Type.String()),
        providerCode: nullable(Type.String()),
      }),
    ),
    traceId: nullable(Type.String()),
    parentSpanId: nullable(Type.String()),
    timings: Type.Object({ startedAt: Type.Integer(), firstByteMs: nullable(Type.Integer()), durationMs: nullable(Type.Integer()) }),
    bodies: Type.Object({
      request: Type.Boolean(),
      response: Type.Boolean(),
      upstreamRequest: Type.Boolean(),
      upstreamResponse: Type.Boolean(),
    }),
  }),
]);
export type CallDetail = Static<typeof CallDetailSchema>;

/** Exact original text of each body; `…Encoding` says "base64" where the bytes are not valid UTF-8. null = not recorded. */
export const CallBodiesSchema = Type.Object({
  request: nullable(Type.String()),
  requestEncoding: Type.Union([Type.Literal('utf8'), Type.Literal('base64')]),
  response: nullable(Type.String()),
  responseEncoding: Type.Union([Type.Literal('utf8'), Type.Literal('base64')]),
  upstreamRequest: nullable(Type.String()),
  upstreamRequestEncoding: Type.Union([Type.Literal('utf8'), Type.Literal('base64')]),
  upstreamResponse: nullable(Type.String()),
  upstreamResponseEncoding: Type.Union([Type.Literal('utf8'), Type.Literal('base64')]),
});
export type CallBodies = Static<typeof CallBodiesSchema>;

/** A sum over calls. `unpriced` calls are counted but contribute nothing to `costNanoUsd`. */
export const SpendTotalsSchema = Type.Object({
  calls: count,
  failed: count,
  unpriced: count,
  estimated: count,
  inputUncached: count,
  inputCacheRead: count,
  inputCacheWrite: count,
  output: count,
  outputReasoning: count,
  costNanoUsd: Type.Integer(),
  durationMs: count,
});
export type SpendTotals = Static<typeof SpendTotalsSchema>;

export const SpendGroupSchema = Type.Intersect([
  Type.Object({
    key: nullable(
      Type.String({ description: 'model, provider, caller key id, "YYYY-MM-DD", "YYYY-MM-DDTHH:00±hh:mm" or tag value; null = without' }),
    ),
  }),
  SpendTotalsSchema,
]);
export type SpendGroup = Static<typeof SpendGroupSchema>;

export const SpendReportSchema = Type.Object({
  groupBy: Type.String(),
  from: Type.Integer(),
  to: Type.Integer(),
  totals: SpendTotalsSchema,
  groups: Type.Array(SpendGroupSchema),
});
export type SpendReport = Static<typeof SpendReportSchema>;

export const ConversationSummarySchema = Type.Object({
  id: Type.String(),
  firstCallId: Type.String(),
  lastCallId: Type.String(),
  firstAt: Type.Integer(),
  lastAt: Type.Integer(),
  calls: count,
  costNanoUsd: Type.Integer(),
  unpriced: count,
});
export type ConversationSummary = Static<typeof ConversationSummarySchema>;

export const DialectIdSchema = Type.Union([
  Type.Literal('openai-chat'),
  Type.Literal('openai-responses'),
  Type.Literal('anthropic-messages'),
  Type.Literal('gemini-generate'),
]);

/** A provider as set up here. The key itself can never be read back. */
export const ProviderSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  dialect: DialectIdSchema,
  baseUrl: Type.String(),
  /** Where the setting came from; those of the config file cannot be changed over the API. */
  source: Type.Union([Type.Literal('built-in'), Type.Literal('config-file'), Type.Literal('user')]),
  key: Type.Object({
    state: Type.Union([Type.Literal('set'), Type.Literal('missing'), Type.Literal('not-needed'), Type.Literal('locked')]),
    lastFour: nullable(Type.String()),
  }),
  models: Type.Array(Type.String()),
  enabled: Type.Boolean(),
});
export type Provider = Static<typeof ProviderSchema>;

/** Answer of a live test of a provider's key and address. */
export const ProviderTestSchema = Type.Object({
  ok: Type.Boolean(),
  models: nullable(Type.Array(Type.String())),
  latencyMs: nullable(Type.Integer()),
  errorCode: nullable(Type.String()),
  message: nullable(Type.String()),
});
export type ProviderTest = Static<typeof ProviderTestSchema>;

/** A model server that answers on one of the usual ports of this machine; call it as "id/model". */
export const LocalServerSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  baseUrl: Type.String(),
  models: Type.Array(Type.String()),
});
export type LocalServer = Static<typeof LocalServerSchema>;

export const CallerKeySchema = Type.Object({
  id: Type.String({ description: 'key_…' }),
  name: Type.String(),
  lastFour: Type.String(),
  tags: TagsSchema,
  /** Empty = everything. Patterns with * on model names; provider ids. */
  scope: Type.Object({ models: Type.Array(Type.String()), providers: Type.Array(Type.String()) }),
  source: Type.Union([Type.Literal('user'), Type.Literal('config-file')]),
  createdAt: Type.Integer(),
  lastUsedAt: nullable(Type.Integer()),
  revokedAt: nullable(Type.Integer()),
});
export type CallerKey = Static<typeof CallerKeySchema>;

export const SettingsSchema = Type.Object({
  recording: Type.Union([Type.Literal('full'), Type.Literal('metadata'), Type.Literal('off')], {
    description: 'full: bodies too; metadata: ledger rows only; off: ledger rows without tags of content, no bodies',
  }),
  bodiesMaxAgeDays: Type.Integer({ minimum: 1, maximum: 3650 }),
  bodiesMaxBytes: Type.Integer({ minimum: 10_000_000 }),
  metadataMaxAgeDays: Type.Integer({ minimum: 1, maximum: 36500 }),
  strictTranslation: Type.Boolean({ description: 'a translation that would lose something answers 422 instead' }),
  dailyBudgetNanoUsd: nullable(
    Type.Integer({ minimum: 1, maximum: 1_000_000_000_000_000, description: 'shown beside what today cost; no call is refused for it' }),
  ),
});
export type Settings = Static<typeof SettingsSchema>;

export const defaultSettings: Settings = {
  recording: 'full',
  bodiesMaxAgeDays: 30,
  bodiesMaxBytes: 5_000_000_000,
  metadataMaxAgeDays: 365,
  strictTranslation: false,
  dailyBudgetNanoUsd: null,
};

export const VaultKindSchema = Type.Union([Type.Literal('keyring'), Type.Literal('passphrase'), Type.Literal('file')]);
export type VaultKind = Static<typeof VaultKindSchema>;

/** Where the key that seals all others lies. */
export const VaultStatusSchema = Type.Object({
  kind: Type.String({ description: 'keyring, passphrase, file; none while nothing is stored' }),
  label: Type.String(),
  state: Type.String({ description: 'empty, open, locked, wiped, closed' }),
  notice: nullable(Type.String()),
  named: Type.Boolean({ description: 'TOLLGATE_VAULT names the place at every start: it cannot be moved from here' }),
});
export type VaultStatus = Static<typeof VaultStatusSchema>;

export const StatusSchema = Type.Object({
  version: Type.String(),
  url: Type.String(),
  pid: Type.Integer(),
  startedAt: Type.Integer(),
  dataDir: Type.String(),
  vault: VaultStatusSchema,
  ledger: Type.Object({ state: Type.String(), message: nullable(Type.String()), droppedBodies: count, pendingRecords: count }),
  providers: Type.Array(ProviderSchema),
  callerKeys: count,
  today: SpendTotalsSchema,
});
export type Status = Static<typeof StatusSchema>;

/** Every error of the admin API. */
export const ErrorBodySchema = Type.Object({
  error: Type.Object({ code: Type.String(), message: Type.String(), param: Type.Optional(nullable(Type.String())) }),
});
