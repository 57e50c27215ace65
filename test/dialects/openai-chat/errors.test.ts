import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../src-main/contract/error-codes.ts';
import { openaiChat } from '../../../src-main/dialects/openai-chat.ts';
import { GatewayError } from '../../../src-main/domain/gateway-error.ts';
import type { UpstreamFault } from '../../../src-main/domain/upstream-fault.ts';

describe('parseError', () => {
  it.each<[string, number, unknown, Partial<UpstreamFault>]>([
    [
      'OpenAI',
      400,
      { error: { message: 'Unsupported value', type: 'invalid_request_error', param: 'temperature', code: 'unsupported_value' } },
      {
        kind: 'invalid-request',
        message: 'Unsupported value',
        param: 'temperature',
        providerType: 'invalid_request_error',
        providerCode: 'unsupported_value',
      },
    ],
    [
      'xAI text',
      400,
      { code: 'bad', error: 'Argument not supported' },
      { kind: 'invalid-request', message: 'Argument not supported', providerCode: 'bad' },
    ],
    ['xAI bad key with 400', 400, { code: 'x', error: 'Incorrect API key provided: xa***' }, { kind: 'authentication' }],
    [
      'vLLM',
      404,
      { object: 'error', message: 'The model `m` does not exist.', type: 'NotFoundError', code: 404 },
      { kind: 'not-found', providerCode: '404' },
    ],
    ['FastAPI text', 503, { detail: 'Not ready' }, { kind: 'overloaded', message: 'Not ready' }],
    [
      'FastAPI list',
      422,
      { detail: [{ loc: ['body', 'messages'], msg: 'field required' }] },
      { kind: 'invalid-request', message: 'body.messages: field required' },
    ],
    ['Mistral', 401, { message: 'Unauthorized', request_id: 'r' }, { kind: 'authentication', message: 'Unauthorized' }],
    [
      'Mistral validation',
      422,
      { object: 'error', message: { detail: [{ loc: ['body', 'stop'], msg: 'Extra inputs' }] }, type: 'invalid_request_error' },
      { kind: 'invalid-request', message: 'body.stop: Extra inputs' },
    ],
    ['Google list', 400, [{ error: { code: 400, message: 'API key not valid.', status: 'INVALID_ARGUMENT' } }], { kind: 'authentication' }],
    [
      'OpenRouter with the words of the provider behind it',
      400,
      { error: { code: 400, message: 'Provider returned error', metadata: { raw: '{"error":{"message":"prompt is too long: 5 > 4"}}' } } },
      { kind: 'context-length' },
    ],
    [
      'HTML',
      502,
      '<html><head><title>502 Bad Gateway</title></head></html>',
      { kind: 'server', message: 'The provider answered with an HTML page: 502 Bad Gateway' },
    ],
    ['text', 500, 'upstream exploded', { kind: 'server', message: 'upstream exploded' }],
    ['JSON as text', 429, '{"error":{"message":"slow"}}', { kind: 'rate-limit', message: 'slow' }],
    ['nothing', 500, null, { kind: 'server', message: 'The provider answered HTTP 500 without saying why.' }],
    ['empty text', 529, '', { kind: 'overloaded' }],
    ['a number', 418, 7, { kind: 'invalid-request' }],
  ])('reads %s', (_name, status, body, expected) => {
    expect(openaiChat.parseError(status, body)).toMatchObject({ status, ...expected });
  });

  it.each<[string, number, object]>([
    ['code', 400, { code: 'context_length_exceeded', message: 'x' }],
    ['OpenAI', 400, { message: "This model's maximum context length is 128000 tokens. However, your messages resulted in 150000 tokens." }],
    ['OpenAI, newer', 400, { message: 'Your input exceeds the context window of this model.' }],
    ['llama.cpp', 400, { message: 'the request exceeds the available context size', type: 'exceed_context_size_error' }],
    ['Mistral', 400, { message: 'Prompt contains 40000 tokens, too large for model with 32768 maximum context length' }],
    ['xAI', 400, { message: "This model's maximum prompt length is 131072 but the request contains 200000 tokens." }],
    ['with 413', 413, { message: 'Please reduce the length of the messages or completion.' }],
    ['with 429', 429, { message: 'prompt is too long: 1 tokens > 0 maximum' }],
    ['with 500', 500, { message: 'input length exceeds maximum context length' }],
  ])('knows a full context before any status: %s', (_name, status, error) => {
    expect(openaiChat.parseError(status, { error }).kind).toBe('context-length');
  });

  it.each<[string, number, object, string]>([
    [
      'insufficient_quota',
      429,
      { type: 'insufficient_quota', code: 'insufficient_quota', message: 'You exceeded your current quota' },
      'quota',
    ],
    ['an empty DeepSeek account', 402, { message: 'Insufficient Balance' }, 'quota'],
    ['an empty xAI account', 403, { message: 'Your team has used all available credits' }, 'quota'],
    ['a refilling Google quota', 429, { code: 429, message: 'You exceeded your current quota. Please retry in 37.5s.' }, 'rate-limit'],
    [
      'a Groq request over its tokens per minute',
      413,
      { code: 'rate_limit_exceeded', message: 'Request too large on tokens per minute' },
      'rate-limit',
    ],
    ['a model unknown with 400', 400, { code: 'model_not_found', message: 'x' }, 'not-found'],
    ['a filter', 400, { code: 'content_filter', message: 'x' }, 'content-filter'],
    ['an overload named server_error', 503, { type: 'server_error', message: 'x' }, 'overloaded'],
    ['a proxy timeout', 524, { message: 'x' }, 'timeout'],
    ['a body too large', 413, { message: 'Payload' }, 'too-large'],
  ])('tells %s', (_name, status, error, kind) => {
    expect(openaiChat.parseError(status, { error }).kind).toBe(kind);
  });

  it.each<[string, number | null]>([
    ['Please try again in 11.05s.', 11_050],
    ['Please try again in 1m2.5s. Visit', 62_500],
    ['try again in 120ms', 120],
    ['retry in 37.5s', 37_500],
    ['try again later', null],
  ])('reads the wait in %j', (message, expected) => {
    expect(openaiChat.parseError(429, { error: { message } }).retryAfterMs).toBe(expected);
  });

  it('keeps a message short, whatever came', () => {
    expect(openaiChat.parseError(500, 'x'.repeat(10_000_000)).message.length).toBeLessThanOrEqual(2000);
    expect(openaiChat.parseError(500, { error: { message: 'y'.repeat(100_000) } }).message.length).toBeLessThanOrEqual(2000);
  });
});

describe('renderError', () => {
  const fault = (kind: UpstreamFault['kind'], providerCode: string | null = null): UpstreamFault => ({
    status: 400,
    kind,
    message: 'm',
    providerType: null,
    providerCode,
    param: 'messages',
    retryAfterMs: null,
  });

  it.each<[ErrorCode, ConstructorParameters<typeof GatewayError>[2], number, string, string]>([
    ['invalid_request', { param: 'model' }, 400, 'invalid_request_error', 'invalid_request'],
    ['unauthenticated', {}, 401, 'authentication_error', 'invalid_api_key'],
    ['budget_exceeded', {}, 429, 'insufficient_quota', 'insufficient_quota'],
    ['not_allowed', {}, 403, 'permission_denied', 'not_allowed'],
    ['model_not_found', {}, 404, 'invalid_request_error', 'model_not_found'],
    ['payload_too_large', {}, 413, 'invalid_request_error', 'payload_too_large'],
    ['rate_limited', {}, 429, 'rate_limit_error', 'rate_limit_exceeded'],
    ['upstream_auth', {}, 502, 'server_error', 'upstream_auth'],
    ['upstream_quota', { status: 402 }, 429, 'insufficient_quota', 'insufficient_quota'],
    ['upstream_rate_limited', {}, 429, 'rate_limit_error', 'rate_limit_exceeded'],
    ['upstream_overloaded', { status: 529 }, 503, 'server_error', 'overloaded'],
    ['upstream_context_length', {}, 400, 'invalid_request_error', 'context_length_exceeded'],
    ['upstream_not_found', { fault: fault('not-found', 'model_not_found') }, 404, 'invalid_request_error', 'model_not_found'],
    ['upstream_rejected', { fault: fault('content-filter') }, 400, 'invalid_request_error', 'content_filter'],
    ['upstream_unreachable', {}, 502, 'server_error', 'upstream_unreachable'],
    ['upstream_timeout', {}, 504, 'timeout', 'upstream_timeout'],
    ['internal', {}, 500, 'server_error', 'internal'],
  ])('says %s as OpenAI would', (code, detail, status, type, wireCode) => {
    const param = detail?.param ?? detail?.fault?.param ?? null;
    expect(openaiChat.renderError(new GatewayError(code, 'what to do', detail))).toEqual({
      status,
      body: { error: { message: 'what to do', type, param, code: wireCode } },
    });
  });

  it("tells a bad provider key from the caller's own bad key", () => {
    const own = openaiChat.renderError(new GatewayError('unauthenticated', 'x'));
    const theirs = openaiChat.renderError(new GatewayError('upstream_auth', 'x'));
    expect(own.status).toBe(401);
    expect(theirs.status).not.toBe(401);
  });

  it('S9: renders the frame of a stream already begun', () => {
    const event = openaiChat.renderStreamError(new GatewayError('upstream_stream_cut', 'The provider closed the stream.'));
    expect(event.event).toBeNull();
    expect(JSON.parse(event.data)).toEqual({
      error: { message: 'The provider closed the stream.', type: 'server_error', param: null, code: 'upstream_stream_cut' },
    });
  });
});
