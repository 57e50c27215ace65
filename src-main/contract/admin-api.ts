import { type Static, type TSchema, Type } from 'typebox';
import * as entity from './entities.ts';
import * as report from './reports.ts';

/** One endpoint of the admin API: the gateway validates with it, clients are typed by it. All need the admin token. */
export interface AdminEndpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly body?: TSchema;
  readonly reply: TSchema;
}

const endpoint = <const E extends AdminEndpoint>(definition: E): E => definition;

const idParam = Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }) });
const cursorQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  cursor: Type.Optional(Type.String({ maxLength: 100 })),
};

/** Repeatable `tag=key:value`; `tag=key` alone means "has the tag". All must hold. */
const tagFilter = Type.Optional(Type.Union([Type.String(), Type.Array(Type.String(), { maxItems: 20 })]));

const filterQuery = {
  from: Type.Optional(Type.Integer({ description: 'epoch ms, inclusive' })),
  to: Type.Optional(Type.Integer({ description: 'epoch ms, exclusive' })),
  provider: Type.Optional(Type.String()),
  model: Type.Optional(Type.String()),
  caller: Type.Optional(Type.String({ description: 'caller key id' })),
  tag: tagFilter,
};

export const CallsQuerySchema = Type.Object(
  {
    ...cursorQuery,
    ...filterQuery,
    status: Type.Optional(Type.String()),
    errorCode: Type.Optional(Type.String({ maxLength: 100 })),
    httpStatus: Type.Optional(Type.Integer({ minimum: 100, maximum: 599, description: 'as the caller saw it' })),
    conversation: Type.Optional(Type.String()),
    search: Type.Optional(Type.String({ maxLength: 1000, description: 'words that must all occur in prompts or answers' })),
  },
  { additionalProperties: false },
);
export type CallsQuery = Static<typeof CallsQuerySchema>;

const reportQuery = { ...filterQuery, includeDemo: Type.Optional(Type.Boolean()) };

export const SpendQuerySchema = Type.Object(
  {
    ...reportQuery,
    groupBy: Type.Optional(Type.String({ pattern: '^(model|target|provider|caller|day|hour|tag:.{1,100})$' })),
    /** Minutes that local time is ahead of UTC, or an IANA zone: days are grouped in it. Default UTC. */
    timeZone: Type.Optional(Type.String({ maxLength: 60 })),
  },
  { additionalProperties: false },
);
export type SpendQuery = Static<typeof SpendQuerySchema>;

/** What a report is about. */
const RangeQuerySchema = Type.Object(reportQuery, { additionalProperties: false });
export type RangeQuery = Static<typeof RangeQuerySchema>;

/** The same, divided. */
const GroupQuerySchema = Type.Object(
  {
    ...reportQuery,
    groupBy: Type.Optional(Type.String({ pattern: '^(model|target|provider|caller|tag:.{1,100})$' })),
  },
  { additionalProperties: false },
);
export type GroupQuery = Static<typeof GroupQuerySchema>;

export const ProviderInputSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' }),
    name: Type.Optional(Type.String({ maxLength: 80 })),
    dialect: Type.Optional(entity.DialectIdSchema),
    baseUrl: Type.Optional(Type.String({ maxLength: 2000 })),
    key: Type.Optional(Type.String({ minLength: 1, maxLength: 20_000 })),
    models: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: 5000 })),
    enabled: Type.Optional(Type.Boolean()),
    /** Save even though the live test failed (offline, for instance). */
    skipTest: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type ProviderInput = Static<typeof ProviderInputSchema>;

export const CallerKeyInputSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 80 }),
    tags: Type.Optional(entity.TagsSchema),
    scope: Type.Optional(
      Type.Object({ models: Type.Optional(Type.Array(Type.String())), providers: Type.Optional(Type.Array(Type.String())) }),
    ),
  },
  { additionalProperties: false },
);

const page = <T extends TSchema>(item: T) => Type.Object({ items: Type.Array(item), nextCursor: Type.Union([Type.String(), Type.Null()]) });
const done = Type.Object({ ok: Type.Literal(true) });

export const adminApi = {
  readStatus: endpoint({ method: 'GET', path: '/admin/status', reply: entity.StatusSchema }),

  listCalls: endpoint({ method: 'GET', path: '/admin/calls', query: CallsQuerySchema, reply: page(entity.CallSummarySchema) }),
  readCall: endpoint({ method: 'GET', path: '/admin/calls/:id', params: idParam, reply: entity.CallDetailSchema }),
  readCallBodies: endpoint({ method: 'GET', path: '/admin/calls/:id/bodies', params: idParam, reply: entity.CallBodiesSchema }),
  deleteCall: endpoint({ method: 'DELETE', path: '/admin/calls/:id', params: idParam, reply: done }),
  readSpend: endpoint({ method: 'GET', path: '/admin/spend', query: SpendQuerySchema, reply: entity.SpendReportSchema }),
  readLatency: endpoint({ method: 'GET', path: '/admin/latency', query: GroupQuerySchema, reply: report.LatencyReportSchema }),
  readCacheSavings: endpoint({ method: 'GET', path: '/admin/cache-savings', query: GroupQuerySchema, reply: report.CacheSavingsSchema }),
  listErrors: endpoint({ method: 'GET', path: '/admin/errors', query: RangeQuerySchema, reply: report.ErrorReportSchema }),
  listUnpriced: endpoint({ method: 'GET', path: '/admin/unpriced', query: RangeQuerySchema, reply: report.UnpricedReportSchema }),
  listTags: endpoint({
    method: 'GET',
    path: '/admin/tags',
    reply: Type.Object({ tags: Type.Array(Type.Object({ key: Type.String(), values: Type.Array(Type.String()) })) }),
  }),
  listConversations: endpoint({
    method: 'GET',
    path: '/admin/conversations',
    query: Type.Object(cursorQuery, { additionalProperties: false }),
    reply: page(entity.ConversationSummarySchema),
  }),

  listProviders: endpoint({ method: 'GET', path: '/admin/providers', reply: Type.Object({ items: Type.Array(entity.ProviderSchema) }) }),
  findLocalServers: endpoint({
    method: 'GET',
    path: '/admin/local-servers',
    reply: Type.Object({ items: Type.Array(entity.LocalServerSchema) }),
  }),
  saveProvider: endpoint({
    method: 'POST',
    path: '/admin/providers',
    body: ProviderInputSchema,
    reply: Type.Object({ provider: entity.ProviderSchema, test: Type.Union([entity.ProviderTestSchema, Type.Null()]) }),
  }),
  testProvider: endpoint({ method: 'POST', path: '/admin/providers/:id/test', params: idParam, reply: entity.ProviderTestSchema }),
  removeProvider: endpoint({ method: 'DELETE', path: '/admin/providers/:id', params: idParam, reply: done }),

  listCallerKeys: endpoint({ method: 'GET', path: '/admin/keys', reply: Type.Object({ items: Type.Array(entity.CallerKeySchema) }) }),
  createCallerKey: endpoint({
    method: 'POST',
    path: '/admin/keys',
    body: CallerKeyInputSchema,
    reply: Type.Object({ key: entity.CallerKeySchema, secret: Type.String({ description: 'shown this once' }) }),
  }),
  revokeCallerKey: endpoint({ method: 'DELETE', path: '/admin/keys/:id', params: idParam, reply: entity.CallerKeySchema }),

  readSettings: endpoint({ method: 'GET', path: '/admin/settings', reply: entity.SettingsSchema }),
  saveSettings: endpoint({
    method: 'PATCH',
    path: '/admin/settings',
    body: Type.Partial(entity.SettingsSchema, { additionalProperties: false }),
    reply: entity.SettingsSchema,
  }),
  listPriceOverrides: endpoint({
    method: 'GET',
    path: '/admin/price-overrides',
    reply: Type.Object({ items: Type.Array(Type.Unknown()) }),
  }),
  savePriceOverrides: endpoint({
    method: 'PUT',
    path: '/admin/price-overrides',
    body: Type.Object({ items: Type.Array(Type.Unknown(), { maxItems: 1000 }) }),
    reply: Type.Object({ items: Type.Array(Type.Unknown()) }),
  }),
  retryVault: endpoint({ method: 'POST', path: '/admin/vault/retry', reply: Type.Object({ state: Type.String() }) }),
  unlockVault: endpoint({
    method: 'POST',
    path: '/admin/vault/unlock',
    body: Type.Object({ passphrase: Type.String({ minLength: 1, maxLength: 1024 }) }, { additionalProperties: false }),
    reply: entity.VaultStatusSchema,
  }),
  moveVault: endpoint({
    method: 'POST',
    path: '/admin/vault/move',
    body: Type.Object(
      {
        kind: entity.VaultKindSchema,
        passphrase: Type.Optional(Type.String({ minLength: 8, maxLength: 1024, description: 'the one to seal with' })),
      },
      { additionalProperties: false },
    ),
    reply: entity.VaultStatusSchema,
  }),
  createUiCode: endpoint({
    method: 'POST',
    path: '/admin/ui-code',
    reply: Type.Object({ code: Type.String({ description: 'one use, 60 s; travels in the URL fragment' }) }),
  }),
} as const satisfies Record<string, AdminEndpoint>;

export type AdminApi = typeof adminApi;
type InputOf<S> = S extends TSchema ? Static<S> : undefined;

export interface AdminInput<E extends AdminEndpoint> {
  params: E extends { params: infer S } ? InputOf<S> : undefined;
  query: E extends { query: infer S } ? InputOf<S> : undefined;
  body: E extends { body: infer S } ? InputOf<S> : undefined;
}
export type AdminReply<E extends AdminEndpoint> = Static<E['reply']>;
