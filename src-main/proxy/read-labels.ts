import type { IncomingHttpHeaders } from 'node:http';
import { readScanned } from '../dialects/json-scan.ts';
import type { CallStart } from '../domain/call.ts';
import { mergeTags, parseTagList, parseTagObject, type Tags } from '../domain/tags.ts';
import type { RequestHead } from './read-model.ts';

const heliconeProperty = 'helicone-property-';
const noTags: Tags = {};

export type CallLabels = Pick<CallStart, 'tags' | 'conversationId' | 'client' | 'traceId' | 'parentSpanId'>;

/** Everything the caller says about a call besides the request itself. */
export function readLabels(
  headers: IncomingHttpHeaders,
  keyTags: Tags,
  pathTags: Tags | null,
  body: Buffer,
  head: RequestHead,
): CallLabels {
  const trace = readTraceParent(headers);
  return {
    tags: readTags(headers, keyTags, pathTags),
    conversationId: readConversationId(headers, body, head),
    client: readClient(headers),
    traceId: trace?.traceId ?? null,
    parentSpanId: trace?.spanId ?? null,
  };
}

/** Tags of a call: the key's defaults, then the path's, then the headers' (ours and other gateways'); the later wins. */
function readTags(headers: IncomingHttpHeaders, keyTags: Tags, pathTags: Tags | null): Tags {
  let found = noTags;
  const own = headers['x-tags'];
  const litellm = headers['x-litellm-tags'];
  const portkey = headers['x-portkey-metadata'];
  if (typeof litellm === 'string') found = parseTagList(litellm);
  if (typeof portkey === 'string') found = { ...found, ...parseTagObject(parseJson(portkey)) };
  for (const name in headers) {
    if (name.startsWith(heliconeProperty))
      found = { ...found, ...parseTagObject({ [name.slice(heliconeProperty.length)]: headers[name] }) };
  }
  if (typeof own === 'string' && found === noTags && pathTags === null) return readOwnTags(own, keyTags);
  if (typeof own === 'string') found = { ...found, ...parseTagList(own) };
  if (found === noTags && pathTags === null) return keyTags;
  return mergeTags(keyTags, pathTags ?? noTags, found);
}

/** What came last in `x-tags` with a key, and what it says: a program sends the same with every call. */
const lastOwnTags = new WeakMap<Tags, { text: string; tags: Tags }>();

function readOwnTags(text: string, keyTags: Tags): Tags {
  const last = lastOwnTags.get(keyTags);
  if (last?.text === text) return last.tags;
  const tags = mergeTags(keyTags, parseTagList(text));
  lastOwnTags.set(keyTags, { text, tags });
  return tags;
}

const conversationHeaders = [
  'x-conversation-id',
  'x-claude-code-session-id',
  'session-id',
  'session_id',
  'x-session-id',
  'helicone-session-id',
  'x-litellm-session-id',
  'x-portkey-trace-id',
] as const;

/** Whatever the caller calls its conversation; null when it says nothing (then the ledger threads by shared prefix). */
function readConversationId(headers: IncomingHttpHeaders, body: Buffer, head: RequestHead): string | null {
  for (const name of conversationHeaders) {
    const value = headers[name];
    if (typeof value === 'string' && value !== '') return value.slice(0, 200);
  }
  const cacheKey = readText(body, head, 'prompt_cache_key');
  if (cacheKey !== null) return cacheKey;
  const metadata = head.ranges.get('metadata');
  return metadata === undefined ? null : readMetadataSession(readScanned(body, metadata));
}

/** Claude Code packs a session id into `metadata.user_id`, as JSON or as "…_session_<uuid>". */
function readMetadataSession(metadata: unknown): string | null {
  if (typeof metadata !== 'object' || metadata === null) return null;
  const { session_id: direct, conversation_id: conversation, user_id: user } = metadata as Record<string, unknown>;
  for (const value of [direct, conversation]) if (typeof value === 'string' && value !== '') return value.slice(0, 200);
  if (typeof user !== 'string') return null;
  const packed = user.startsWith('{') ? parseJson(user) : null;
  const session = typeof packed === 'object' && packed !== null ? (packed as Record<string, unknown>)['session_id'] : null;
  if (typeof session === 'string' && session !== '') return session.slice(0, 200);
  return /_session_([\w-]{8,100})$/.exec(user)?.[1] ?? null;
}

/** "claude-cli/2.1.330 (external, …)" → "claude-cli"; "OpenAI/JS 7.57.0" → "OpenAI/JS". */
function readClient(headers: IncomingHttpHeaders): string | null {
  const agent = headers['user-agent'];
  if (agent === undefined) return null;
  const end = agent.search(/[ (]|\/\d/);
  return (end < 0 ? agent : agent.slice(0, end)).slice(0, 60) || null;
}

const traceParent = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}/;

/** W3C trace context; all-zero ids are invalid and give null. */
function readTraceParent(headers: IncomingHttpHeaders): { traceId: string; spanId: string } | null {
  const value = headers['traceparent'];
  const match = typeof value === 'string' ? traceParent.exec(value) : null;
  if (match?.[1] === undefined || match[2] === undefined || /^0+$/.test(match[1]) || /^0+$/.test(match[2])) return null;
  return { traceId: match[1], spanId: match[2] };
}

function readText(body: Buffer, head: RequestHead, key: string): string | null {
  const range = head.ranges.get(key);
  const value = range === undefined ? null : readScanned(body, range);
  return typeof value === 'string' && value !== '' ? value.slice(0, 200) : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
