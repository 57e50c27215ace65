import type { CallEnd, CallStart } from '../../src-main/domain/call.ts';
import { readCallTime } from '../../src-main/domain/call-id.ts';
import { emptyUsage } from '../../src-main/domain/token-usage.ts';

export function makeStart(id: number, fields: Partial<CallStart> = {}): CallStart {
  return {
    id,
    startedAt: readCallTime(id),
    endpoint: 'chat',
    callerDialect: 'openai-chat',
    upstreamDialect: 'openai-chat',
    provider: 'openai',
    requestedModel: 'gpt-test',
    model: 'gpt-test',
    conversion: 'unchanged',
    stream: false,
    callerKeyId: 'key_1',
    client: 'OpenAI/JS',
    tags: { team: 'ml-ops', feature: 'review' },
    conversationId: null,
    traceId: null,
    parentSpanId: null,
    requestBytes: 100,
    byok: false,
    ...fields,
  };
}

export function makeEnd(id: number, fields: Partial<CallEnd> = {}): CallEnd {
  return {
    id,
    status: 'ok',
    httpStatus: 200,
    durationMs: 812.4,
    firstByteMs: 210.7,
    responseBytes: 1600,
    servedModel: 'gpt-test-2025',
    responseId: `chatcmpl-${id}`,
    finishReason: 'stop',
    usage: { ...emptyUsage({ prompt_tokens: 10, completion_tokens: 5 }), inputUncached: 10, outputText: 5, outputReasoning: 0 },
    costNanoUsd: 1_000,
    costSource: 'price-book',
    priceRow: { id: 'openai/gpt-test' },
    losses: [],
    attempts: [{ atMs: 0, durationMs: 800, status: 200, requestId: 'req_1', error: null }],
    error: null,
    ...fields,
  };
}
