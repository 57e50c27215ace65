import { describe, expect, it } from 'vitest';
import { geminiGenerate } from '../../../src-main/dialects/gemini-generate.ts';
import { GatewayError } from '../../../src-main/domain/gateway-error.ts';

const rpc = (code: number, status: string, message: string, details?: unknown[]) => ({
  error: { code, message, status, ...(details && { details }) },
});
const badKey = rpc(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [
  { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID', domain: 'googleapis.com' },
]);
const quota = (quotaId: string, retryDelay?: string) =>
  rpc(429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota, please check your plan and billing details.', [
    { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId }] },
    ...(retryDelay ? [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay }] : []),
  ]);

describe('parseError', () => {
  it.each([
    [
      'a bad key, which is a 400',
      400,
      badKey,
      { kind: 'authentication', providerCode: 'API_KEY_INVALID', providerType: 'INVALID_ARGUMENT' },
    ],
    ['a one-element array', 400, [badKey], { kind: 'authentication' }],
    ['text that holds JSON', 400, JSON.stringify([badKey]), { kind: 'authentication' }],
    ['a rate limit with a delay', 429, quota('GenerateRequestsPerMinutePerProject', '37s'), { kind: 'rate-limit', retryAfterMs: 37_000 }],
    ['a fraction of a second', 429, quota('PerMinute', '0.5s'), { retryAfterMs: 500 }],
    ['a spent daily quota', 429, quota('GenerateRequestsPerDayPerProjectPerModel-FreeTier'), { kind: 'quota', retryAfterMs: null }],
    ['a delay in words', 429, rpc(429, 'RESOURCE_EXHAUSTED', 'Please retry in 11.05s.'), { kind: 'rate-limit', retryAfterMs: 11_050 }],
    [
      'a full context',
      400,
      rpc(400, 'INVALID_ARGUMENT', 'The input token count (1100000) exceeds the maximum number of tokens allowed (1048576).'),
      { kind: 'context-length' },
    ],
    [
      'a bad field',
      400,
      rpc(400, 'INVALID_ARGUMENT', 'Bad.', [{ fieldViolations: [{ field: 'contents[0].parts' }] }]),
      { kind: 'invalid-request', param: 'contents[0].parts' },
    ],
    ['no permission', 403, rpc(403, 'PERMISSION_DENIED', 'No.'), { kind: 'permission' }],
    ['a leaked key', 403, rpc(403, 'PERMISSION_DENIED', 'Your API key was reported as leaked.'), { kind: 'authentication' }],
    ['an unknown model', 404, rpc(404, 'NOT_FOUND', 'models/x is not found'), { kind: 'not-found' }],
    ['an overloaded model', 503, rpc(503, 'UNAVAILABLE', 'Overloaded.'), { kind: 'overloaded' }],
    ['a deadline', 504, rpc(504, 'DEADLINE_EXCEEDED', 'Late.'), { kind: 'timeout' }],
    ['an internal error', 500, rpc(500, 'INTERNAL', 'Oops.'), { kind: 'server', message: 'Oops.' }],
    ['a page of HTML', 502, '<html>Bad gateway</html>', { kind: 'server', message: '<html>Bad gateway</html>' }],
    ['nothing', 418, null, { kind: 'invalid-request', message: 'Gemini answered with HTTP 418 and no error message.' }],
  ])('reads %s', (_name, status, body, expected) => {
    expect(geminiGenerate.parseError(status, body)).toMatchObject({ status, ...expected });
  });
});

describe('renderError', () => {
  it('speaks google.rpc, with the field and the wait in the details', () => {
    const error = new GatewayError('rate_limited', 'Slow down.', { param: 'contents', retryAfterMs: 1500 });
    expect(geminiGenerate.renderError(error)).toEqual({
      status: 429,
      body: {
        error: {
          code: 429,
          message: 'Slow down.',
          status: 'RESOURCE_EXHAUSTED',
          details: [
            { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'RATE_LIMITED', domain: 'tollgate' },
            { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field: 'contents', description: 'Slow down.' }] },
            { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1.5s' },
          ],
        },
      },
    });
  });

  it.each([
    ['invalid_request', 400, 'INVALID_ARGUMENT'],
    ['unauthenticated', 401, 'UNAUTHENTICATED'],
    ['budget_exceeded', 429, 'RESOURCE_EXHAUSTED'],
    ['not_allowed', 403, 'PERMISSION_DENIED'],
    ['model_not_found', 404, 'NOT_FOUND'],
    ['payload_too_large', 413, 'INVALID_ARGUMENT'],
    ['upstream_auth', 502, 'UNAVAILABLE'],
    ['upstream_timeout', 504, 'DEADLINE_EXCEEDED'],
    ['internal', 500, 'INTERNAL'],
    ['loop_detected', 508, 'UNKNOWN'],
  ] as const)('says %s as %i %s', (code, status, word) => {
    expect(geminiGenerate.renderError(new GatewayError(code, 'x'))).toMatchObject({
      status,
      body: { error: { code: status, status: word } },
    });
  });

  it('S9: puts the same body into a stream as a data line', () => {
    const error = new GatewayError('upstream_stream_cut', 'Cut.');
    const event = geminiGenerate.renderStreamError(error);
    expect(event.event).toBeNull();
    expect(JSON.parse(event.data)).toEqual(geminiGenerate.renderError(error).body);
  });

  it("keeps the provider's words beside ours", () => {
    const fault = geminiGenerate.parseError(400, badKey);
    const { body } = geminiGenerate.renderError(new GatewayError('upstream_auth', 'The key is wrong.', { fault }));
    expect(body).toMatchObject({
      error: { details: [{ metadata: { providerType: 'INVALID_ARGUMENT', providerCode: 'API_KEY_INVALID' } }] },
    });
  });
});
