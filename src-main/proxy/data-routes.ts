import type { DialectId } from '../dialects/dialect.ts';
import type { Endpoint } from '../domain/call.ts';
import { parseTagList, type Tags } from '../domain/tags.ts';

/** Where a call came in. */
export interface DataRoute {
  readonly endpoint: Endpoint;
  /** The dialect of requests and errors on this path. */
  readonly dialect: DialectId;
  /** `call` is sent upstream; the list of models is answered here. */
  readonly action: 'call' | 'list-models';
  /** Path below the provider's base URL for a same-dialect call, without query. Gemini's holds "{model}". */
  readonly upstreamPath: string;
  /** Gemini names the model in the path; so does GET /v1/models/{id}. */
  readonly model: string | null;
  /** With its "?"; "" when there is none. */
  readonly query: string;
  /** Names an answer made earlier: needs no body, and its usage was counted then. */
  readonly stored: boolean;
  /** Tags from /t/<tags>/… */
  readonly tags: Tags | null;
}

type Template = Pick<DataRoute, 'endpoint' | 'dialect' | 'upstreamPath'>;

const chat: Template = { endpoint: 'chat', dialect: 'openai-chat', upstreamPath: '/chat/completions' };
const messages: Template = { endpoint: 'messages', dialect: 'anthropic-messages', upstreamPath: '/v1/messages' };
const countTokens: Template = { endpoint: 'count-tokens', dialect: 'anthropic-messages', upstreamPath: '/v1/messages/count_tokens' };
const openai = (endpoint: Endpoint, upstreamPath: string): Template => ({ endpoint, dialect: 'openai-chat', upstreamPath });
const responses = (upstreamPath: string): Template => ({ endpoint: 'responses', dialect: 'openai-responses', upstreamPath });

/** POST paths after the prefix is stripped; keyed without "/v1" because tools differ in whether their base URL has it. */
const posts: ReadonlyMap<string, Template> = new Map([
  ['/chat/completions', chat],
  ['/messages', messages],
  ['/messages/count_tokens', countTokens],
  ['/responses', responses('/responses')],
  ['/responses/compact', responses('/responses/compact')],
  ['/responses/input_tokens', responses('/responses/input_tokens')],
  ['/completions', openai('completions', '/completions')],
  ['/embeddings', openai('embeddings', '/embeddings')],
  ['/images/generations', openai('images', '/images/generations')],
  ['/images/edits', openai('images', '/images/edits')],
  ['/images/variations', openai('images', '/images/variations')],
  ['/audio/speech', openai('audio', '/audio/speech')],
  ['/audio/transcriptions', openai('audio', '/audio/transcriptions')],
  ['/audio/translations', openai('audio', '/audio/translations')],
  ['/moderations', openai('moderations', '/moderations')],
]);

const geminiMethods: ReadonlyMap<string, Endpoint> = new Map([
  ['generateContent', 'gemini-generate'],
  ['streamGenerateContent', 'gemini-generate'],
  ['countTokens', 'gemini-count'],
  ['embedContent', 'gemini-embed'],
  ['batchEmbedContents', 'gemini-embed'],
  ['predict', 'other'],
  ['predictLongRunning', 'other'],
]);

/** Names a stored response: OpenAI's ids hold letters, digits, "_" and "-". */
const storedResponse = /^\/responses\/([\w-]{1,200})(\/cancel|\/input_items)?$/;

/** null = not a data path. Matching is on the raw path: nothing is decoded, so no spelling can mean two things. */
export function matchDataRoute(method: string, url: string): DataRoute | null {
  const mark = url.indexOf('?');
  const query = mark < 0 ? '' : url.slice(mark);
  const { path, tags } = stripPrefixes(mark < 0 ? url : url.slice(0, mark));
  // Google's own SDK calls "/v1/models/NAME:generateContent" since 3.x, "/v1beta/…" before.
  if (/^\/v1(beta|alpha)\//.test(path) || (method === 'POST' && path.startsWith('/v1/models/')))
    return matchGemini(method, path, query, tags);
  const short = stripVersion(path);
  if (short === null) return null;
  if (method === 'POST') {
    const template = posts.get(short);
    if (template !== undefined) return { ...template, action: 'call', model: null, query, stored: false, tags };
  }
  if (method === 'GET' && (short === '/models' || short.startsWith('/models/'))) {
    const model = readListedModel(short);
    if (model === undefined) return null;
    return { endpoint: 'other', dialect: 'openai-chat', action: 'list-models', upstreamPath: '/models', model, query, stored: false, tags };
  }
  if (storedResponse.test(short) && (method === 'GET' || method === 'DELETE' || method === 'POST')) {
    return { ...responses(short), action: 'call', model: null, query, stored: true, tags };
  }
  return null;
}

function matchGemini(method: string, path: string, query: string, tags: Tags | null): DataRoute | null {
  const slash = path.indexOf('/', 1);
  const version = path.slice(0, slash);
  const rest = path.slice(slash);
  const base = { dialect: 'gemini-generate', query, stored: false, tags } as const;
  if (method === 'GET' && (rest === '/models' || rest.startsWith('/models/'))) {
    const model = readListedModel(rest);
    if (model === undefined) return null;
    return { ...base, endpoint: 'other', action: 'list-models', upstreamPath: `${version}/models`, model };
  }
  const colon = rest.lastIndexOf(':');
  if (method !== 'POST' || colon < 0 || !rest.startsWith('/models/')) return null;
  const endpoint = geminiMethods.get(rest.slice(colon + 1));
  const model = decodeModel(rest.slice('/models/'.length, colon));
  if (endpoint === undefined || model === null) return null;
  return { ...base, endpoint, action: 'call', upstreamPath: `${version}/models/{model}${rest.slice(colon)}`, model };
}

/** /t/<tags>/…, /api/ai/…, and a doubled /v1 (a base URL ending in /v1 given to a client that adds its own). */
function stripPrefixes(path: string): { path: string; tags: Tags | null } {
  let rest = path;
  let tags: Tags | null = null;
  if (rest.startsWith('/t/')) {
    const end = rest.indexOf('/', 3);
    const text = end < 0 ? null : decodeModel(rest.slice(3, end));
    if (end >= 0 && text !== null) {
      tags = parseTagList(text);
      rest = rest.slice(end);
    }
  }
  if (rest.startsWith('/api/ai/')) rest = rest.slice('/api/ai'.length);
  if (/^\/v1\/v1(beta|alpha)?\//.test(rest)) rest = rest.slice('/v1'.length);
  return { path: rest, tags };
}

function stripVersion(path: string): string | null {
  if (path.startsWith('/v1/')) return path.slice(3);
  // Only the paths in the table may come without "/v1"; everything else belongs to the control plane.
  return posts.has(path) || path === '/models' ? path : null;
}

/** "/models" → null, "/models/NAME" → NAME, anything that is no name → undefined. */
function readListedModel(path: string): string | null | undefined {
  if (path === '/models') return null;
  return decodeModel(path.slice('/models/'.length)) ?? undefined;
}

function decodeModel(text: string): string | null {
  try {
    const decoded = decodeURIComponent(text);
    return decoded === '' || decoded.includes('..') ? null : decoded;
  } catch {
    return null;
  }
}

/** Every route above once, by the path a caller would use, with an example in the place of a name: for whoever must try them all. */
export function listDataRoutes(): { method: string; path: string }[] {
  const post = (path: string): { method: string; path: string } => ({ method: 'POST', path });
  const stored = ['', '/cancel', '/input_items'].map((ending) => `/v1/responses/resp_example${ending}`);
  return [
    ...[...posts.keys()].map((path) => post(`/v1${path}`)),
    ...['v1', 'v1beta', 'v1alpha'].flatMap((version) =>
      [...geminiMethods.keys()].map((method) => post(`/${version}/models/example:${method}`)),
    ),
    ...['/v1/models', '/v1/models/example', '/v1beta/models', '/v1beta/models/example'].map((path) => ({ method: 'GET', path })),
    ...['GET', 'POST', 'DELETE'].flatMap((method) => stored.map((path) => ({ method, path }))),
  ];
}
