import { describe, expect, it } from 'vitest';
import { openaiResponses } from '../../../src-main/dialects/openai-responses.ts';
import { GatewayError } from '../../../src-main/domain/gateway-error.ts';

const body = (error: object) => ({ error: { message: 'M', type: null, param: null, code: null, ...error } });

describe('parseError', () => {
  it.each([
    [
      'a bad key',
      401,
      body({ code: 'invalid_api_key', type: 'invalid_request_error' }),
      { kind: 'authentication', providerCode: 'invalid_api_key', providerType: 'invalid_request_error' },
    ],
    ['an empty account', 429, body({ code: 'insufficient_quota', type: 'insufficient_quota' }), { kind: 'quota' }],
    [
      'a rate limit',
      429,
      body({ code: 'rate_limit_exceeded', message: 'Please try again in 340ms.' }),
      { kind: 'rate-limit', retryAfterMs: 340 },
    ],
    [
      'a rate limit of minutes',
      429,
      body({ code: 'rate_limit_exceeded', message: 'Please try again in 1m30s.' }),
      { retryAfterMs: 90_000 },
    ],
    ['a full context', 400, body({ code: 'context_length_exceeded', param: 'input' }), { kind: 'context-length', param: 'input' }],
    ['a filter', 400, body({ code: 'bio_policy' }), { kind: 'content-filter' }],
    ['an unknown model', 404, body({ code: 'model_not_found' }), { kind: 'not-found' }],
    [
      'an error that is text (xAI)',
      400,
      { code: 'Client specified an invalid argument', error: 'Incorrect API key provided: xa***' },
      { kind: 'authentication', message: 'Incorrect API key provided: xa***' },
    ],
    ['a detail only', 422, { detail: 'Field missing' }, { kind: 'invalid-request', message: 'Field missing' }],
    ['text that holds JSON', 500, JSON.stringify(body({ code: 'server_error' })), { kind: 'server', message: 'M' }],
    ['plain text', 503, 'upstream connect error', { kind: 'overloaded', message: 'upstream connect error' }],
    ['nothing', 504, undefined, { kind: 'timeout', message: 'The provider answered with HTTP 504 and no error message.' }],
  ])('reads %s', (_name, status, wire, expected) => {
    expect(openaiResponses.parseError(status, wire)).toMatchObject({ status, ...expected });
  });
});

describe('renderError', () => {
  it.each([
    ['unauthenticated', 401, 'authentication_error', 'invalid_api_key'],
    ['budget_exceeded', 429, 'insufficient_quota', 'insufficient_quota'],
    ['model_not_found', 404, 'invalid_request_error', 'model_not_found'],
    ['rate_limited', 429, 'rate_limit_error', 'rate_limit_exceeded'],
    ['upstream_context_length', 400, 'invalid_request_error', 'context_length_exceeded'],
    ['upstream_auth', 502, 'server_error', 'upstream_auth'],
    ['upstream_overloaded', 503, 'server_error', 'overloaded'],
    ['upstream_timeout', 504, 'timeout', 'upstream_timeout'],
  ] as const)('says %s as %i %s %s', (code, status, type, wireCode) => {
    const rendered = openaiResponses.renderError(new GatewayError(code, 'x', { param: 'input' }));
    expect(rendered).toEqual({ status, body: { error: { message: 'x', type, param: 'input', code: wireCode } } });
  });

  it('S9: fails a stream with response.failed, whose code and wait Codex reads', () => {
    const event = openaiResponses.renderStreamError(new GatewayError('upstream_rate_limited', 'Too fast.', { retryAfterMs: 11_050 }));
    expect(event.event).toBe('response.failed');
    const data = JSON.parse(event.data);
    expect(data).toMatchObject({ type: 'response.failed', response: { object: 'response', status: 'failed', output: [] } });
    expect(data.response.error).toEqual({ code: 'rate_limit_exceeded', message: 'Too fast. Please try again in 11.05s.' });
    expect(data).not.toHaveProperty('error');
  });

  it('reads back what it writes into a stream', () => {
    const error = new GatewayError('budget_exceeded', 'The daily budget is spent.');
    const { event, data } = openaiResponses.renderStreamError(error);
    const facts = openaiResponses.readStream([Buffer.from(`event: ${event}\ndata: ${data}\n\n`)]);
    expect(facts).toMatchObject({ complete: true, fault: { kind: 'quota', message: 'The daily budget is spent.' } });
  });
});
