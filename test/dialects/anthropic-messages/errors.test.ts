import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, test } from 'vitest';
import { anthropicMessages } from '../../../src-main/dialects/anthropic-messages.ts';
import { renderSse } from '../../../src-main/dialects/sse.ts';
import { GatewayError } from '../../../src-main/domain/gateway-error.ts';
import { messageStart, wireBytes } from './wire-stream.ts';

const { parseError, renderError, renderStreamError } = anthropicMessages;

const wire = (type: string, message = 'words', details?: unknown) => ({
  type: 'error',
  error: { type, message, details },
  request_id: 'req_1',
});

describe('parseError', () => {
  test.each([
    [400, wire('invalid_request_error'), 'invalid-request'],
    [401, wire('authentication_error'), 'authentication'],
    [402, wire('billing_error'), 'quota'],
    [403, wire('permission_error'), 'permission'],
    [404, wire('not_found_error'), 'not-found'],
    [409, wire('conflict_error'), 'invalid-request'],
    [413, wire('request_too_large', 'Request exceeds the maximum size'), 'too-large'],
    [429, wire('rate_limit_error', 'This request would exceed your rate limit of 40,000 input tokens per minute.'), 'rate-limit'],
    [500, wire('api_error'), 'server'],
    [503, wire('api_error'), 'server'],
    [504, wire('timeout_error'), 'timeout'],
    [529, wire('overloaded_error'), 'overloaded'],
    [400, wire('invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'), 'context-length'],
    [400, wire('invalid_request_error', 'input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000'), 'context-length'],
    [400, wire('invalid_request_error', 'Your credit balance is too low to access the Anthropic API.'), 'quota'],
    [400, wire('invalid_request_error', 'You have reached your specified API usage limits.'), 'quota'],
    [400, wire('invalid_request_error', 'words', { error_code: 'enforced_spend_limit_reached' }), 'quota'],
    [429, wire('rate_limit_error', 'words', { error_code: 'contract_spend_limit_reached' }), 'quota'],
    [400, wire('invalid_request_error', 'Output blocked by content filtering policy'), 'content-filter'],
    [400, wire('from_the_future'), 'invalid-request'],
    [599, wire('from_the_future'), 'server'],
    [503, 'Service Unavailable', 'overloaded'],
    [502, '<!doctype html><html><head><title>502 Bad\n Gateway</title></head></html>', 'server'],
    [500, '', 'server'],
    [404, null, 'not-found'],
    [400, { error: 'as a string' }, 'invalid-request'],
    [422, { detail: 'as a detail' }, 'invalid-request'],
  ])('%i %j is %s', (status, body, kind) => {
    expect(parseError(status, body)).toMatchObject({ status, kind });
  });

  test('keeps the provider’s own words, type and code', () => {
    expect(parseError(400, JSON.stringify(wire('invalid_request_error', 'No.', { error_code: 'image_dimensions_too_large' })))).toEqual({
      status: 400,
      kind: 'invalid-request',
      message: 'No.',
      providerType: 'invalid_request_error',
      providerCode: 'image_dimensions_too_large',
      param: null,
      retryAfterMs: null,
    });
  });

  test.each([
    ['<html><title>502 Bad\n Gateway</title></html>', '502 Bad Gateway'],
    ['<html><body>…</body></html>', 'The provider answered with status 502 and no explanation.'],
    ['upstream connect error', 'upstream connect error'],
    ['', 'The provider answered with status 502 and no explanation.'],
    [{ error: 'as a string' }, 'as a string'],
    [{ message: 'flat' }, 'flat'],
  ])('%j says %j', (body, message) => {
    expect(parseError(502, body).message).toBe(message);
  });
});

describe('renderError', () => {
  test.each([
    ['invalid_request', 400, 'invalid_request_error'],
    ['unauthenticated', 401, 'authentication_error'],
    ['budget_exceeded', 402, 'billing_error'],
    ['not_allowed', 403, 'permission_error'],
    ['model_not_found', 404, 'not_found_error'],
    ['method_not_allowed', 405, 'invalid_request_error'],
    ['conflict', 409, 'conflict_error'],
    ['payload_too_large', 413, 'request_too_large'],
    ['unsupported_feature', 422, 'invalid_request_error'],
    ['rate_limited', 429, 'rate_limit_error'],
    ['upstream_auth', 502, 'api_error'],
    ['upstream_quota', 429, 'billing_error'],
    ['upstream_rate_limited', 429, 'rate_limit_error'],
    ['upstream_overloaded', 529, 'overloaded_error'],
    ['upstream_unreachable', 502, 'api_error'],
    ['upstream_timeout', 504, 'timeout_error'],
    ['not_ready', 503, 'api_error'],
    ['internal', 500, 'api_error'],
  ] as const)('%s is %i %s', (code, status, type) => {
    expect(renderError(new GatewayError(code, 'words'))).toEqual({ status, body: { type: 'error', error: { type, message: 'words' } } });
  });

  test.each([
    ['prompt is too long: 210000 tokens > 200000 maximum', 'prompt is too long: 210000 tokens > 200000 maximum'],
    ["This model's maximum context length is 128000 tokens.", "prompt is too long: This model's maximum context length is 128000 tokens."],
  ])('a full context says the words that make Claude Code compact: %s', (message, expected) => {
    const { status, body } = renderError(new GatewayError('upstream_context_length', message));
    expect({ status, body }).toEqual({ status: 400, body: { type: 'error', error: { type: 'invalid_request_error', message: expected } } });
  });
});

describe('renderStreamError', () => {
  test('S9: the official SDK raises it inside a stream that had begun', async () => {
    const frame = renderSse(renderStreamError(new GatewayError('upstream_overloaded', 'busy')));
    const body = wireBytes([messageStart()]).toString() + frame;
    const client = new Anthropic({
      apiKey: 'test',
      maxRetries: 0,
      fetch: async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } }),
    });
    const stream = await client.messages.create({
      model: 'claude-opus-5',
      max_tokens: 1,
      messages: [{ role: 'user', content: 'hi' }],
      stream: true,
    });
    const read = async () => {
      for await (const _event of stream);
    };
    await expect(read()).rejects.toThrow(/overloaded_error/);
  });
});
