import { describe, expect, it } from 'vitest';
import type { ToolChoice } from '../../../src-main/domain/conversation.ts';
import { user } from '../../support/chat-request.ts';
import { gemini3, gemini25, render, tool } from './fixtures.ts';

const city = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

describe('Gemini request', () => {
  it('puts no model into the body, since it stands in the URL', () => {
    expect(render({}).body).toEqual({ contents: [{ role: 'user', parts: [{ text: 'hi' }] }] });
  });

  it('maps sampling, limits and tier', () => {
    const { body, paths } = render(
      {
        temperature: 0,
        topP: 0.9,
        topK: 40,
        choiceCount: 2,
        maxOutputTokens: 100_000,
        stop: ['1', '2', '3', '4', '5', '6'],
        presencePenalty: 0.1,
        frequencyPenalty: -0.1,
        seed: 7,
        logprobs: true,
        topLogprobs: 3,
        serviceTier: 'default',
      },
      { model: 'gemini-3-flash', maxOutputTokens: 65_536 },
    );
    expect(body['generationConfig']).toEqual({
      temperature: 0,
      topP: 0.9,
      topK: 40,
      candidateCount: 2,
      maxOutputTokens: 65_536,
      stopSequences: ['1', '2', '3', '4', '5'],
      presencePenalty: 0.1,
      frequencyPenalty: -0.1,
      seed: 7,
      responseLogprobs: true,
      logprobs: 3,
    });
    expect(body['serviceTier']).toBe('standard');
    expect(paths).toEqual(['max_output_tokens', 'stop']);
  });

  it.each([
    ['auto', undefined, []],
    ['flex', 'flex', []],
    ['fast', 'priority', []],
    ['standard_only', 'standard', []],
    ['scale', undefined, ['service_tier']],
    ['constructor', undefined, ['service_tier']],
  ])('sends the service tier %s', (serviceTier, sent, lost) => {
    const { body, paths } = render({ serviceTier });
    expect(body['serviceTier']).toBe(sent);
    expect(paths).toEqual(lost);
  });

  it('records everything that Gemini cannot say', () => {
    const { losses, paths } = render({
      unmapped: [{ path: 'logit_bias', reason: 'no word for it' }],
      userId: 'u1',
      seed: 2 ** 40,
      stream: true,
      logprobs: true,
      parallelToolCalls: false,
      tools: [{ ...tool('f', city), strict: true, cacheTtl: '5m' }],
      webSearch: true,
    });
    expect(losses[0]).toEqual({ path: 'logit_bias', reason: 'no word for it' });
    expect(paths).toEqual([
      'logit_bias',
      'cache_control',
      'user',
      'seed',
      'logprobs',
      'tools[0].strict',
      'parallel_tool_calls',
      'web_search',
    ]);
  });

  it('searches the web where no function tools are in the way', () => {
    expect(render({ webSearch: true })).toMatchObject({ body: { tools: [{ googleSearch: {} }] }, paths: [] });
  });
});

describe('Gemini tools', () => {
  it('declares functions in order, with an object as arguments', () => {
    const { body } = render({ tools: [{ ...tool('a', city), description: 'A' }, tool('b'), tool('c', {}), tool('d', { type: 'object' })] });
    const empty = { type: 'object', properties: {} };
    expect(body['tools']).toEqual([
      {
        functionDeclarations: [
          { name: 'a', description: 'A', parametersJsonSchema: city },
          { name: 'b' },
          { name: 'c', parametersJsonSchema: empty },
          { name: 'd', parametersJsonSchema: empty },
        ],
      },
    ]);
  });

  it.each<[ToolChoice, unknown]>([
    [{ type: 'none' }, { mode: 'NONE' }],
    [{ type: 'auto' }, { mode: 'AUTO' }],
    [{ type: 'required' }, { mode: 'ANY' }],
    [
      { type: 'tool', name: 'get weather' },
      { mode: 'ANY', allowedFunctionNames: ['get_weather'] },
    ],
    [
      { type: 'allowed', mode: 'auto', names: ['get weather'] },
      { mode: 'VALIDATED', allowedFunctionNames: ['get_weather'] },
    ],
    [
      { type: 'allowed', mode: 'required', names: ['get weather'] },
      { mode: 'ANY', allowedFunctionNames: ['get_weather'] },
    ],
  ])('T10: says the choice %j', (toolChoice, functionCallingConfig) => {
    expect(render({ tools: [tool('get weather')], toolChoice }).body['toolConfig']).toEqual({ functionCallingConfig });
  });

  it('says no choice without tools', () => {
    expect(render({ toolChoice: { type: 'none' } }).body).not.toHaveProperty('toolConfig');
  });

  it('sends a free-text tool as a function with one string', () => {
    const { body, paths, toolNames } = render({
      tools: [{ ...tool('apply_patch'), description: 'Patches.', custom: { format: { type: 'grammar', syntax: 'lark' } } }],
      messages: [
        user('x'),
        { role: 'assistant', parts: [{ type: 'tool-call', id: 'a', name: 'apply_patch', argumentsText: '*** Begin', custom: true }] },
      ],
    });
    expect(body['tools']).toMatchObject([
      { functionDeclarations: [{ parametersJsonSchema: { properties: { input: { type: 'string' } } } }] },
    ]);
    expect(body['contents']).toMatchObject([{}, { parts: [{ functionCall: { args: { input: '*** Begin' } } }] }, {}]);
    expect(paths).toEqual(['tools[0].custom']);
    expect(toolNames?.get('apply_patch')).toEqual({ name: 'apply_patch', custom: true });
  });
});

describe('Gemini output format', () => {
  const schema = { type: 'object', properties: { a: { type: 'integer' } }, $schema: 'https://json-schema.org/draft/2020-12/schema' };
  const format = { type: 'json-schema', name: 'n', description: 'D', schema, strict: true } as const;

  it('asks for JSON, with a schema where there is one', () => {
    expect(render({ responseFormat: { type: 'json' } }).body['generationConfig']).toEqual({ responseMimeType: 'application/json' });
    expect(render({ responseFormat: format }).body['generationConfig']).toEqual({
      responseMimeType: 'application/json',
      responseJsonSchema: { type: 'object', properties: { a: { type: 'integer' } }, description: 'D' },
    });
    expect(render({ responseFormat: { type: 'text' } }).body).not.toHaveProperty('generationConfig');
  });

  it('X12: asks for JSON in words beside tools before Gemini 3, and natively since', () => {
    const old = render({ responseFormat: format, tools: [tool('f')] }, gemini25);
    expect(old.body).not.toHaveProperty('generationConfig');
    expect(JSON.stringify(old.body['systemInstruction'])).toContain('following this schema');
    expect(old.paths).toEqual(['response_format']);
    const current = render({ responseFormat: format, tools: [tool('f')] }, gemini3);
    expect(current.body['generationConfig']).toMatchObject({ responseMimeType: 'application/json' });
    expect(current.paths).toEqual([]);
  });
});
