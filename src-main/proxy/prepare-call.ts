import type { IncomingMessage } from 'node:http';
import { anthropicVersion } from '../dialects/anthropic-messages.ts';
import type { CallerSide, ReplyFacts, ToolNameMap, UpstreamModel, UpstreamSide } from '../dialects/dialect.ts';
import type { Dialects } from '../dialects/registry.ts';
import type { Conversion } from '../domain/call.ts';
import type { Loss } from '../domain/conversation.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import { renderAuthHeader } from '../providers/provider.ts';
import { encodeGeminiModel, renderChatPath } from '../providers/upstream-path.ts';
import type { UpstreamRequest } from './call-upstream.ts';
import type { DataRoute } from './data-routes.ts';
import { selectRequestHeaders } from './forward-headers.ts';
import { askForUsage, editBody, type RequestHead, renameModel } from './read-model.ts';
import type { ReasoningMemory } from './reasoning-memory.ts';
import type { Target } from './resolve-target.ts';

/** What goes to the provider, and how its answer comes back. */
export interface PreparedCall {
  request: UpstreamRequest;
  conversion: Conversion;
  losses: Loss[];
  /** Usage was asked for on our own account: its chunk is taken out of the caller's stream. */
  hidesUsage: boolean;
  /** Set for a translated chat. */
  translation: Translation | null;
  /** Set for embeddings in another shape. */
  embeddings: { parse(body: Buffer): { json: unknown; facts: ReplyFacts } } | null;
}

export interface Translation {
  caller: CallerSide;
  upstream: UpstreamSide;
  model: UpstreamModel;
  /** What was renamed in the request gets its name back in the answer. */
  toolNames: ToolNameMap | undefined;
  stream: boolean;
  includeUsage: boolean;
  /** The model may call tools. */
  hasTools: boolean;
}

export interface PrepareInput {
  route: DataRoute;
  request: IncomingMessage;
  body: Buffer;
  head: RequestHead;
  target: Target;
  /** Servers that answered 400 to `stream_options` since start. */
  refusesStreamOptions: boolean;
}

/** The same dialect on both sides: the caller's bytes, with the model's name and the usage request spliced in where needed. */
export function preparePassThrough(input: PrepareInput): PreparedCall {
  const { route, request, head, target } = input;
  const isChat = route.endpoint === 'chat' || route.endpoint === 'completions';
  // Gemini's embedding bodies repeat the model of the path, as "models/…".
  const model = route.model === null ? target.model : `models/${target.model}`;
  const edits = head.model !== null && head.model !== model ? renameModel(head, model) : [];
  const asks = isChat && head.stream && !head.includeUsage && target.provider.streamUsage === 'ask' && !input.refusesStreamOptions;
  if (asks) edits.push(...askForUsage(input.body, head));
  let body = editBody(input.body, edits);
  const mended = isChat ? mendBody(body, head, target) : null;
  if (mended !== null) body = mended.body;
  const method = request.method ?? 'POST';
  const headers = selectRequestHeaders(request.rawHeaders);
  headers.push('accept-encoding', 'identity', ...authHeader(target));
  return {
    request: { method, path: renderPassThroughPath(route, target), headers, body: method === 'POST' ? body : null },
    conversion: body === input.body ? 'unchanged' : 'patched',
    losses: mended?.losses ?? [],
    hidesUsage: asks,
    translation: null,
    embeddings: null,
  };
}

/** The body as this server takes it; null = it may go as it is. A trigger may stand anywhere, so it proves nothing yet. */
function mendBody(body: Buffer, head: RequestHead, { provider, model }: Target): { body: Buffer; losses: Loss[] } | null {
  const quirks = provider.definition.chatQuirks;
  if (quirks === undefined || quirks.models?.test(model) === false) return null;
  // No conversation is like that: it could not be parsed in time, and even the search for triggers is slow among a million quotes.
  if (head.members > maxMembers) return null;
  if (!quirks.triggers.some((trigger) => body.includes(trigger))) return null;
  const parsed = parseObject(body, head);
  const before = JSON.stringify(parsed);
  const losses = quirks.mend(parsed);
  const after = JSON.stringify(parsed);
  return after === before ? null : { body: Buffer.from(after), losses };
}

/**
 * Another dialect at the provider: through the neutral form.
 * @throws GatewayError invalid_request | unsupported_feature
 */
export function prepareTranslation(
  input: PrepareInput,
  dialects: Dialects,
  reasoning: ReasoningMemory,
  body: Record<string, unknown>,
): PreparedCall {
  const { target, route } = input;
  const { caller } = dialects[route.dialect];
  const { upstream, id } = dialects[target.upstreamDialect];
  if (caller === undefined || upstream === undefined) {
    throw new GatewayError('unsupported_feature', `${route.dialect} cannot be translated to ${id} yet.`, { status: 400 });
  }
  const request = reasoning.restore(caller.parseRequest(body));
  const model: UpstreamModel = { model: target.model, maxOutputTokens: null };
  const rendered = upstream.renderRequest(request, model);
  const path = target.provider.basePath + renderChatPath(id, target.model, request.stream);
  const agent = input.request.headers['user-agent'];
  const headers = ['content-type', 'application/json', 'accept-encoding', 'identity', ...authHeader(target)];
  if (id === 'anthropic-messages') headers.push('anthropic-version', anthropicVersion);
  if (agent !== undefined) headers.push('user-agent', agent);
  return {
    request: { method: 'POST', path, headers, body: Buffer.from(JSON.stringify(rendered.body)) },
    conversion: 'translated',
    losses: rendered.losses,
    hidesUsage: false,
    translation: {
      caller,
      upstream,
      model,
      toolNames: rendered.toolNames,
      stream: request.stream,
      includeUsage: request.includeUsage,
      hasTools: request.tools.length > 0,
    },
    embeddings: null,
  };
}

/** Ten times what the longest conversations have. Objects with a million keys take seconds to parse, and everybody waits. */
const maxMembers = 100_000;

/** @throws GatewayError invalid_request */
export function parseObject(body: Buffer, { members }: Pick<RequestHead, 'members'>): Record<string, unknown> {
  if (members > maxMembers) {
    throw new GatewayError('invalid_request', `The body has ${members} fields; one that is translated may have ${maxMembers}.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new GatewayError('invalid_request', `The body is not valid JSON: ${cause instanceof Error ? cause.message : 'unreadable'}`, {
      cause,
    });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new GatewayError('invalid_request', 'The body must be a JSON object.');
  return value as Record<string, unknown>;
}

export function authHeader(target: Target): readonly string[] {
  return target.key === null ? [] : (renderAuthHeader(target.provider.definition.auth, target.key) ?? []);
}

function renderPassThroughPath(route: DataRoute, target: Target): string {
  const path = route.upstreamPath.replace('{model}', () => encodeGeminiModel(target.model));
  return target.provider.basePath + path + stripKey(route.query);
}

/** A key in the query (Google's old way) stays here. */
function stripKey(query: string): string {
  if (!query.includes('key=')) return query;
  const rest = new URLSearchParams(query);
  rest.delete('key');
  const text = rest.toString();
  return text === '' ? '' : `?${text}`;
}
