import { GatewayError } from '../../domain/gateway-error.ts';

/** What a call's scope (tag set, target, caller) answers. All conditions must hold. */
export interface ScopeFilter {
  provider: string | null;
  model: string | null;
  callerKeyId: string | null;
  tags: TagCondition[];
}

interface TagCondition {
  key: string;
  /** null = any value. */
  value: string | null;
}

/** The part that every query of the admin API shares. */
interface ScopeQuery {
  provider?: string | undefined;
  model?: string | undefined;
  caller?: string | undefined;
  tag?: string | string[] | undefined;
}

const MAX_TAG_CONDITIONS = 20;

/** @throws GatewayError invalid_request */
export function parseScopeFilter(query: ScopeQuery): ScopeFilter {
  const tags = typeof query.tag === 'string' ? [query.tag] : (query.tag ?? []);
  if (tags.length > MAX_TAG_CONDITIONS) {
    throw new GatewayError('invalid_request', `At most ${MAX_TAG_CONDITIONS} tags can be asked for.`, { param: 'tag' });
  }
  return {
    provider: query.provider ?? null,
    model: query.model ?? null,
    callerKeyId: query.caller ?? null,
    tags: tags.map(parseTagCondition),
  };
}

/** `key:value`, or `key` alone for "has the tag". Values may hold colons, keys cannot. */
function parseTagCondition(text: string): TagCondition {
  const colon = text.indexOf(':');
  const key = (colon < 0 ? text : text.slice(0, colon)).trim();
  if (key === '') throw new GatewayError('invalid_request', 'A tag filter reads "key:value" or "key".', { param: 'tag' });
  return { key, value: colon < 0 ? null : text.slice(colon + 1).trim() };
}

export function isEmptyFilter(filter: ScopeFilter): boolean {
  return filter.provider === null && filter.model === null && filter.callerKeyId === null && filter.tags.length === 0;
}

/** SQL text without values, and the values for its question marks. */
export interface SqlCondition {
  sql: string;
  values: (string | number)[];
}

/** Condition on a row `s` of `scopes`. */
export function renderScopeCondition(filter: ScopeFilter): SqlCondition {
  const target = renderTargetCondition(filter);
  const parts = target.values.length === 0 ? [] : [`s.target_id IN (SELECT t.id FROM targets t WHERE ${target.sql})`];
  const values = [...target.values];
  if (filter.callerKeyId !== null) {
    parts.push('s.caller_id IN (SELECT id FROM callers WHERE caller_key_id = ?)');
    values.push(filter.callerKeyId);
  }
  for (const { key, value } of filter.tags) {
    parts.push(`s.tag_set_id IN (SELECT tag_set_id FROM tag_set_tags WHERE key = ?${value === null ? '' : ' AND value = ?'})`);
    values.push(key);
    if (value !== null) values.push(value);
  }
  return { sql: parts.join(' AND ') || 'TRUE', values };
}

/** Condition on a row `t` of `targets`. */
export function renderTargetCondition(filter: ScopeFilter): SqlCondition {
  const parts: string[] = [];
  const values: string[] = [];
  if (filter.provider !== null) {
    parts.push('t.provider = ?');
    values.push(filter.provider);
  }
  if (filter.model !== null) {
    parts.push('t.model = ?');
    values.push(filter.model);
  }
  return { sql: parts.join(' AND ') || 'TRUE', values };
}
