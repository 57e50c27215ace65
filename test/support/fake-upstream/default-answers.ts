import type { RecordedRequest } from '../fake-upstream.ts';
import { answerAnthropic } from './anthropic.ts';
import { answerText, figures } from './figures.ts';
import { answerGemini } from './gemini.ts';
import { answerOpenAIChat, words } from './openai-chat.ts';
import { answerResponses } from './openai-responses.ts';
import { readWish } from './read-wish.ts';
import type { ScriptedReply } from './write-reply.ts';

type Json = Record<string, unknown>;

/** A 1×1 PNG and some bytes that are no text. */
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
export const speechBytes = Buffer.from([0xff, 0xfb, 0x90, 0x00, 0x0a, 0x0d, 0x0a, 0x00, 0xe5, 0x8c, 0x97]);

/** The answer of a healthy provider to this request. */
export function answerByDefault(request: RecordedRequest): ScriptedReply {
  const { path } = request;
  const route = path.split('?')[0] ?? '';
  if (request.method === 'GET') return answerGet(request, route);
  const body = readBody(request);
  const wish = readWish(body, path);
  if (route.endsWith('/chat/completions')) {
    const options = body['stream_options'] as Json | undefined;
    return answerOpenAIChat(wish, options?.['include_usage'] === true, route.includes('/xai/') || wish.model.startsWith('grok-'));
  }
  if (route.endsWith('/messages')) return answerAnthropic(wish);
  if (route.endsWith('/messages/count_tokens')) return { body: { input_tokens: 17 } };
  if (route.endsWith('/responses')) return answerResponses(wish);
  if (route.endsWith('enerateContent')) return answerGemini(wish, path.includes('alt=sse'));
  return (
    answerOther(route, body, wish.model) ?? {
      status: 404,
      body: { error: { message: `no route ${route}`, type: 'invalid_request_error' } },
    }
  );
}

function answerGet(request: RecordedRequest, route: string): ScriptedReply {
  if (/\/v1(beta)?\/models$/.test(route) && request.header('x-goog-api-key') !== null) {
    return { body: { models: [{ name: 'models/gemini-2.5-flash', supportedGenerationMethods: ['generateContent'] }] } };
  }
  if (request.header('anthropic-version') !== null) {
    const data = [{ type: 'model', id: 'claude-sonnet-4-6', display_name: 'Claude', created_at: '2026-01-01T00:00:00Z' }];
    return { body: { data, has_more: false, first_id: 'claude-sonnet-4-6', last_id: 'claude-sonnet-4-6' } };
  }
  if (route.endsWith('/models')) {
    const ids = route.includes('/xai/')
      ? ['grok-4']
      : route.includes('/local/')
        ? ['llama3.2']
        : ['gpt-5.4-mini', 'text-embedding-3-small'];
    return { body: { object: 'list', data: ids.map((id) => ({ id, object: 'model', created: 1, owned_by: 'fake' })) } };
  }
  if (/\/responses\/[\w-]+$/.test(route))
    return { body: { id: route.split('/').at(-1), object: 'response', status: 'completed', output: [] } };
  return { status: 404, body: { error: { message: `no route ${route}`, type: 'invalid_request_error' } } };
}

function answerOther(route: string, body: Json, model: string): ScriptedReply | null {
  if (route.endsWith('/embeddings')) return answerEmbeddings(body, model);
  if (route.endsWith('/completions')) {
    const choice = (text: string, finish: string | null) => ({ index: 0, text, finish_reason: finish, logprobs: null });
    const base = { id: 'cmpl-fake1', object: 'text_completion', created: 1_790_000_000, model };
    if (body['stream'] !== true) return { body: { ...base, choices: [choice(answerText, 'stop')], usage: figures.openai } };
    const chunk = (fields: object) => `data: ${JSON.stringify({ ...base, ...fields })}\n\n`;
    const texts = words(answerText).map((word) => chunk({ choices: [choice(word, null)] }));
    const asked = (body['stream_options'] as Json | undefined)?.['include_usage'] === true;
    const usage = asked ? [chunk({ choices: [], usage: figures.openai })] : [];
    return { chunks: [...texts, chunk({ choices: [choice('', 'stop')] }), ...usage, 'data: [DONE]\n\n'] };
  }
  if (route.includes('/images/')) return { body: { created: 1_790_000_000, data: [{ b64_json: pixel }] } };
  if (route.endsWith('/audio/speech')) return { headers: { 'content-type': 'audio/mpeg' }, chunks: [speechBytes] };
  if (route.includes('/audio/')) return { body: { text: answerText } };
  if (route.endsWith('/moderations')) {
    return {
      body: { id: 'modr-fake1', model: 'omni-moderation-latest', results: [{ flagged: false, categories: {}, category_scores: {} }] },
    };
  }
  if (route.endsWith(':countTokens')) return { body: { totalTokens: 17 } };
  if (route.endsWith(':embedContent')) return { body: { embedding: { values: [0.25, -0.5, 1] } } };
  if (route.endsWith(':batchEmbedContents')) {
    const requests = Array.isArray(body['requests']) ? body['requests'] : [];
    return { body: { embeddings: requests.map((_, index) => ({ values: [index, -0.5, 1] })) } };
  }
  if (/\/responses\/(compact|input_tokens)$/.test(route)) return { body: { object: 'response.input_tokens', input_tokens: 17 } };
  return null;
}

/** Vectors as floats, or packed as little-endian float32 where base64 is asked for. */
function answerEmbeddings(body: Json, model: string): ScriptedReply {
  const inputs = Array.isArray(body['input']) ? body['input'] : [body['input']];
  const render = (index: number) => {
    const vector = [index, -0.5, 1];
    return body['encoding_format'] === 'base64' ? Buffer.from(new Float32Array(vector).buffer).toString('base64') : vector;
  };
  const data = inputs.map((_, index) => ({ object: 'embedding', index, embedding: render(index) }));
  return { body: { object: 'list', model, data, usage: figures.embeddings } };
}

function readBody(request: RecordedRequest): Json {
  try {
    const value: unknown = request.json();
    return typeof value === 'object' && value !== null ? (value as Json) : {};
  } catch {
    return {};
  }
}
