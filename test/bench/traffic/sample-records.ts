import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CallEnd, CallStart } from '../../../src-main/domain/call.ts';
import { emptyUsage } from '../../../src-main/domain/token-usage.ts';

const models = ['gpt-4o-mini', 'gpt-5', 'claude-sonnet-4-5', 'claude-haiku-4-5', 'gemini-2.5-flash'];
const providers = ['openai', 'openai', 'anthropic', 'anthropic', 'gemini'];

/** The two records of an ordinary call, as the proxy writes them. */
export function createCallRecords(id: number, startedAt: number, random: () => number): { start: CallStart; end: CallEnd } {
  const choice = Math.floor(random() * models.length);
  const model = models[choice] ?? '';
  const provider = providers[choice] ?? '';
  const input = Math.floor(200 + random() * 20_000);
  const output = Math.floor(20 + random() * 1_500);
  const responseId = `chatcmpl-${Math.floor(random() * 1e15).toString(36)}${id.toString(36)}`;
  const start: CallStart = {
    id,
    startedAt,
    endpoint: 'chat',
    callerDialect: 'openai-chat',
    upstreamDialect: 'openai-chat',
    provider,
    requestedModel: model,
    model,
    conversion: 'unchanged',
    stream: true,
    callerKeyId: 'key_config_bench',
    client: 'OpenAI/JS',
    tags: { team: `team-${Math.floor(random() * 4)}`, feature: `feature-${Math.floor(random() * 20)}`, env: 'dev' },
    conversationId: null,
    traceId: null,
    parentSpanId: null,
    requestBytes: input * 4,
    byok: false,
  };
  const raw = {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0, accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 },
  };
  const end: CallEnd = {
    id,
    status: 'ok',
    httpStatus: 200,
    durationMs: Math.floor(500 + random() * 20_000),
    firstByteMs: Math.floor(200 + random() * 1_500),
    responseBytes: output * 300,
    servedModel: `${model}-2024-07-18`,
    responseId,
    finishReason: 'stop',
    usage: { ...emptyUsage(raw), inputUncached: input, inputCacheRead: 0, outputText: output, outputReasoning: 0, serviceTier: 'default' },
    costNanoUsd: input * 150 + output * 600,
    costSource: 'price-book',
    priceRow: { id: `price-book:${provider}/${model}` },
    losses: [],
    attempts: [{ atMs: 1, durationMs: 350, status: 200, requestId: `req_${Math.floor(random() * 1e15).toString(36)}`, error: null }],
    error: null,
  };
  return { start, end };
}

/** Code and prose to cut texts from: this project's own sources, so that they compress as such texts do. */
export function createTextCutter(random: () => number): (length: number) => string {
  const root = fileURLToPath(new URL('../../../src-main/', import.meta.url));
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const corpus = files.map((name) => readFileSync(root + name, 'utf8')).join('\n');
  return (length) => {
    let text = '';
    while (text.length < length) {
      const piece = Math.min(length - text.length, 400 + Math.floor(random() * 1_200));
      const from = Math.floor(random() * (corpus.length - piece));
      text += corpus.slice(from, from + piece);
    }
    return text;
  };
}
