import { describe, expect, test } from 'vitest';
import { anthropicMessages } from '../../../src-main/dialects/anthropic-messages.ts';
import type { ChatRequest } from '../../../src-main/domain/conversation.ts';
import { assistant, chatRequest, system, user } from '../../support/chat-request.ts';
import { render } from './fixtures.ts';

const weather = {
  name: 'weather',
  description: 'Looks it up',
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
  strict: null,
};

describe('renderRequest', () => {
  test('a whole agent request, with the same bytes each time', () => {
    const request = chatRequest({
      messages: [system('Be brief.'), user('Weather?'), assistant('Where?'), user('Bern')],
      tools: [weather],
      toolChoice: { type: 'auto' },
      parallelToolCalls: false,
      maxOutputTokens: 1000,
      stop: ['END'],
      userId: 'user-1',
      serviceTier: 'default',
      reasoning: { effort: 'high', budgetTokens: null },
      stream: true,
      includeUsage: true,
    });
    const target = { model: 'claude-opus-4-7', maxOutputTokens: null };
    const { body, losses } = anthropicMessages.upstream.renderRequest(request, target);
    expect(body).toEqual({
      model: 'claude-opus-4-7',
      max_tokens: 1000,
      tools: [{ name: 'weather', description: 'Looks it up', input_schema: weather.parameters }],
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
      system: [{ type: 'text', text: 'Be brief.' }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Weather?' }] },
        { role: 'assistant', content: [{ type: 'text', text: 'Where?' }] },
        { role: 'user', content: [{ type: 'text', text: 'Bern' }] },
      ],
      thinking: { type: 'adaptive', display: 'summarized' },
      output_config: { effort: 'high' },
      stop_sequences: ['END'],
      metadata: { user_id: 'user-1' },
      service_tier: 'standard_only',
      stream: true,
    });
    expect(losses).toEqual([]);
    expect(JSON.stringify(anthropicMessages.upstream.renderRequest(request, target).body)).toBe(JSON.stringify(body));
  });

  test('the least request', () => {
    expect(render({})).toMatchObject({
      body: { model: 'claude-opus-4-7', max_tokens: 21_333, messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }] },
      losses: [],
    });
    expect(Object.keys(render({}).body)).toEqual(['model', 'max_tokens', 'messages']);
  });

  test('n > 1 is refused with the field at fault', () => {
    expect(() => render({ choiceCount: 2 })).toThrow(
      expect.objectContaining({ code: 'unsupported_feature', status: 400, param: 'n' }) as Error,
    );
    expect(render({ choiceCount: 1 }).losses).toEqual([]);
  });

  test('what the caller’s dialect could not say either stays a loss', () => {
    const unmapped = [{ path: 'logit_bias', reason: 'No such field.' }];
    expect(render({ unmapped }).losses).toEqual(unmapped);
  });
});

describe('output limit', () => {
  test.each([
    ['T14: as asked', 'claude-opus-4-7', { maxOutputTokens: 50_000 }, null, 50_000, 0],
    ['by default when streamed', 'claude-opus-4-7', { stream: true }, null, 32_000, 0],
    ['by default when waited for', 'claude-opus-4-7', {}, null, 21_333, 0],
    ['by default on a small model', 'claude-3-haiku-20240307', { stream: true }, null, 4096, 0],
    ['beyond the model', 'claude-haiku-4-5', { maxOutputTokens: 100_000 }, null, 64_000, 1],
    ['by the model’s known limit', 'claude-haiku-4-5', { maxOutputTokens: 100_000 }, 90_000, 90_000, 1],
  ] as const)('%s', (_name, model, fields, known, expected, losses) => {
    const rendered = anthropicMessages.upstream.renderRequest(chatRequest(fields), { model, maxOutputTokens: known });
    expect(rendered.body['max_tokens']).toBe(expected);
    expect(rendered.losses).toHaveLength(losses);
  });
});

describe('sampling', () => {
  const sampling = ({ temperature, top_p, top_k }: Record<string, unknown>) => ({ temperature, top_p, top_k });

  test.each<[string, string, Partial<ChatRequest>, Record<string, unknown>, string[]]>([
    ['one of both on 4.x', 'claude-sonnet-4-6', { temperature: 0.5, topP: 0.9, topK: 5 }, { temperature: 0.5, top_k: 5 }, ['topP']],
    ['both on 3.x', 'claude-3-5-haiku-20241022', { temperature: 0.5, topP: 0.9 }, { temperature: 0.5, top_p: 0.9 }, []],
    ['top_p alone', 'claude-sonnet-4-5', { topP: 0.9 }, { top_p: 0.9 }, []],
    ['temperature is at most 1', 'claude-sonnet-4-5', { temperature: 1.7 }, { temperature: 1 }, ['temperature']],
    ['none on newer models', 'claude-opus-4-7', { temperature: 0.5, topP: 0.9, topK: 5 }, {}, ['temperature', 'topP', 'topK']],
    ['the default is no loss on newer models', 'claude-opus-5-5', { temperature: 1, topP: 1 }, {}, []],
    [
      'none while it thinks',
      'claude-sonnet-4-6',
      { temperature: 0.5, reasoning: { effort: 'low', budgetTokens: null } },
      {},
      ['temperature'],
    ],
  ])('X19: %s', (_name, model, fields, expected, lost) => {
    const rendered = render(fields, model);
    expect(sampling(rendered.body)).toEqual({ temperature: undefined, top_p: undefined, top_k: undefined, ...expected });
    expect(rendered.lost).toEqual(lost);
  });

  test('settings without a counterpart are losses, their defaults are not', () => {
    expect(render({ frequencyPenalty: 0.5, presencePenalty: 1, seed: 0, logprobs: true, topLogprobs: 3 }).lost).toEqual([
      'frequencyPenalty',
      'presencePenalty',
      'seed',
      'logprobs',
      'topLogprobs',
    ]);
    expect(render({ frequencyPenalty: 0, presencePenalty: 0, logprobs: false, topLogprobs: 0 }).lost).toEqual([]);
  });

  test('stop sequences of white space are dropped', () => {
    const { body, lost } = render({ stop: ['\n\n', 'END'] });
    expect(body['stop_sequences']).toEqual(['END']);
    expect(lost).toEqual(['stop']);
  });
});

describe('caller facts', () => {
  test.each([
    ['auto', 'auto', []],
    ['default', 'standard_only', []],
    ['priority', 'auto', ['serviceTier']],
    ['flex', undefined, ['serviceTier']],
    ['constructor', undefined, ['serviceTier']],
  ])('service tier %s', (serviceTier, expected, lost) => {
    const rendered = render({ serviceTier });
    expect(rendered.body['service_tier']).toBe(expected);
    expect(rendered.lost).toEqual(lost);
  });

  test.each([['dev@a.example'], ['x'.repeat(300)]])('user id %s is sent as a hash', (userId) => {
    const { body, lost } = render({ userId });
    expect(body['metadata']).toEqual({ user_id: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(lost).toEqual(['userId']);
  });
});

describe('response format', () => {
  const schema = { type: 'object', properties: { n: { type: 'integer', minimum: 1 } }, required: ['n'] };
  const format = { type: 'json-schema', name: 'answer', description: 'The answer', schema, strict: true } as const;

  test('X17: native structured output, never a forced tool, also while the model thinks', () => {
    const { body, lost } = render({ responseFormat: format, reasoning: { effort: 'low', budgetTokens: null } });
    expect(body['output_config']).toEqual({
      effort: 'low',
      format: {
        type: 'json_schema',
        schema: {
          type: 'object',
          properties: { n: { type: 'integer', description: 'Constraints: {"minimum":1}' } },
          required: ['n'],
          additionalProperties: false,
          title: 'answer',
          description: 'The answer',
        },
      },
    });
    expect(body['tool_choice']).toBeUndefined();
    expect(lost).toEqual(['responseFormat.schema']);
  });

  test('a model without structured outputs is told the schema', () => {
    const { body, lost } = render({ responseFormat: format, messages: [system('Hi'), user('go')] }, 'claude-sonnet-4-20250514');
    expect(body['output_config']).toBeUndefined();
    expect(body['system']).toEqual([
      { type: 'text', text: 'Hi' },
      { type: 'text', text: expect.stringContaining(JSON.stringify(schema)) },
    ]);
    expect(lost).toEqual(['responseFormat.schema']);
  });

  test('JSON mode is a sentence', () => {
    const { body, lost } = render({ responseFormat: { type: 'json' } });
    expect(body['system']).toEqual([{ type: 'text', text: expect.stringContaining('single JSON object') }]);
    expect(lost).toEqual(['responseFormat']);
    expect(render({ responseFormat: { type: 'text' } }).body['system']).toBeUndefined();
  });
});
