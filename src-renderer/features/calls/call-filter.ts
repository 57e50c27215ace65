import type { CallsQuery } from '../../../src-main/contract/admin-api.ts';
import type { CallSummary } from '../../../src-main/contract/entities.ts';

/** What the address asks for. Null and empty = everything. */
export interface CallFilter {
  status: string | null;
  errorCode: string | null;
  httpStatus: number | null;
  model: string | null;
  provider: string | null;
  caller: string | null;
  conversation: string | null;
  tags: readonly string[];
  from: number | null;
  to: number | null;
  search: string | null;
}

export const textFilters = ['status', 'errorCode', 'model', 'provider', 'caller', 'conversation', 'search'] as const;

export function readFilter(params: URLSearchParams): CallFilter {
  const text = (name: string): string | null => params.get(name) || null;
  return {
    status: text('status'),
    errorCode: text('errorCode'),
    httpStatus: readHttpStatus(params.get('httpStatus')),
    model: text('model'),
    provider: text('provider'),
    caller: text('caller'),
    conversation: text('conversation'),
    search: text('search'),
    tags: params.getAll('tag').filter((tag) => tag !== ''),
    from: readTime(params.get('from')),
    to: readTime(params.get('to')),
  };
}

function readHttpStatus(text: string | null): number | null {
  return text !== null && /^[1-5]\d\d$/.test(text) ? Number(text) : null;
}

function readTime(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

export function filterToQuery(filter: CallFilter): Omit<CallsQuery, 'cursor' | 'limit'> {
  const query: Omit<CallsQuery, 'cursor' | 'limit'> = {};
  for (const name of textFilters) if (filter[name] !== null) query[name] = filter[name];
  if (filter.tags.length > 0) query.tag = [...filter.tags];
  if (filter.httpStatus !== null) query.httpStatus = filter.httpStatus;
  if (filter.from !== null) query.from = filter.from;
  if (filter.to !== null) query.to = filter.to;
  return query;
}

export function isEmptyFilter(filter: CallFilter): boolean {
  return Object.keys(filterToQuery(filter)).length === 0;
}

/** The address with one part of the filter changed; null takes it out. What else stands in it stays. */
export function withParam(params: URLSearchParams, name: string, value: string | null): URLSearchParams {
  const next = new URLSearchParams(params);
  if (value === null || value === '') next.delete(name);
  else next.set(name, value);
  return next;
}

export function withTag(params: URLSearchParams, tag: string, isOn: boolean): URLSearchParams {
  const next = new URLSearchParams(params);
  const others = next.getAll('tag').filter((known) => known !== tag);
  next.delete('tag');
  for (const each of isOn ? [...others, tag] : others) next.append('tag', each);
  return next;
}

/** Whether a live call belongs into the list; null = only the gateway can say (its text is searched). */
export function matchesFilter(call: CallSummary, filter: CallFilter): boolean | null {
  const { status, errorCode, httpStatus, model, provider, caller, conversation, from, to } = filter;
  if (status !== null && call.status !== status) return false;
  if (errorCode !== null && call.errorCode !== errorCode) return false;
  if (httpStatus !== null && call.httpStatus !== httpStatus) return false;
  if (model !== null && call.model !== model) return false;
  if (provider !== null && call.provider !== provider) return false;
  if (caller !== null && call.callerKeyId !== caller) return false;
  if (conversation !== null && call.conversationId !== conversation) return false;
  if (from !== null && call.startedAt < from) return false;
  if (to !== null && call.startedAt >= to) return false;
  if (!filter.tags.every((tag) => hasTag(call, tag))) return false;
  return filter.search === null ? true : null;
}

function hasTag({ tags }: CallSummary, tag: string): boolean {
  const colon = tag.indexOf(':');
  return colon === -1 ? tag in tags : tags[tag.slice(0, colon)] === tag.slice(colon + 1);
}
